package store

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connections is how many one process takes of those that Heroku's smallest database has, which are 20: two processes, while one
// takes the other's place, leave some for a person.
const connections = 8

// poolConfig reads the address of a database. No error shows any of it: it holds a password.
func poolConfig(address string, patience time.Duration) (*pgxpool.Config, error) {
	address, err := withTLS(address)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errAddress
	}
	if !strings.Contains(address, "pool_max_conns=") {
		config.MaxConns = connections
	}
	config.MaxConns = max(config.MaxConns, 2) // one holds the lock while another migrates
	if config.ConnConfig.ConnectTimeout == 0 || config.ConnConfig.ConnectTimeout > patience {
		config.ConnConfig.ConnectTimeout = patience
	}
	config.PingTimeout = patience
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool { return p.IdleDuration > time.Second }
	// Behind PgBouncer the next transaction may run where a prepared statement is not: descriptions are kept here, statements nowhere.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	config.ConnConfig.StatementCacheCapacity = 0
	config.ConnConfig.OnNotice = func(*pgconn.PgConn, *pgconn.Notice) {}
	return config, nil
}

var errAddress = errors.New("DATABASE_URL is no address of a Postgres database: it is postgres://user:password@host:port/name, " +
	"with special characters in the password written as %XX")

// withTLS asks for TLS where the address does not say: Heroku's address does not, and its databases take nothing else
// (https://devcenter.heroku.com/articles/connecting-heroku-postgres). The driver alone would try TLS and then go without. A host that
// is a private IP address, a socket or a name without dots lies on this machine or its own network, and may do without.
func withTLS(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errAddress
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errAddress
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	near := ip != nil && (ip.IsLoopback() || ip.IsPrivate())
	if query.Has("sslmode") || near || ip == nil && !strings.Contains(host, ".") {
		return u.String(), nil
	}
	query.Set("sslmode", "require")
	u.RawQuery = query.Encode()
	return u.String(), nil
}
