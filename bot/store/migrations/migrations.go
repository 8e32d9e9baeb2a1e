// Package migrations holds the tables' SQL, one numbered file for each step forward.
//
// It is apart so that nothing but SQL lies in its folder, each file readable by itself.
package migrations

import "embed"

// Files are NNNN_name.sql. What has run once is never changed: add a file.
//
//go:embed *.sql
var Files embed.FS
