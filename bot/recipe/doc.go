// Package recipe says how the migrations of a change are taken back: it reads what two commits have of them, and plans.
//
// It is apart because reading costs calls of GitHub, and what was read is kept: a merge is compared with what was live, which was a merge
// itself not long ago. Files are kept by their content. So a commit costs one call for what lies in it and one for each file that is new;
// only the first one of a repository, or one with more than GitHub lists, is read in one piece.
package recipe
