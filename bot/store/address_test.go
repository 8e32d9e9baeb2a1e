package store

import (
	"strings"
	"testing"
	"time"
)

func TestAddressesOfElsewhereAskForTLS(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		address   string
		encrypted bool // and never without
	}{
		{"postgres://u:p@ec2-3-4-5-6.compute-1.amazonaws.com:5432/d", true},
		{"postgresql://u:p@db.example.com/d", true},
		{"postgres://u:p@db.example.com/d?sslmode=disable", false},
		{"postgres://u:p@db.example.com/d?sslmode=prefer", false},
		{"postgres://u:p@localhost/d", false},
		{"postgres://u:p@127.0.0.1:6000/d", false},
		{"postgres://u:p@[::1]:6000/d", false},
		{"postgres://u:p@10.0.0.7/d", false},
		{"postgres://u:p@postgres:5432/d", false},
		{"postgres://u@/d?host=%2Fvar%2Frun%2Fpostgresql", false},
		{" postgres://u:p%40%2F@db.example.com/d \n", true},
	} {
		config, err := poolConfig(tc.address, time.Second)
		if err != nil {
			t.Errorf("%s: %v", tc.address, err)
			continue
		}
		plain := config.ConnConfig.TLSConfig == nil
		for _, fallback := range config.ConnConfig.Fallbacks {
			plain = plain || fallback.TLSConfig == nil
		}
		if plain == tc.encrypted {
			t.Errorf("%s: goes without TLS: %t", tc.address, plain)
		}
	}
}

func TestTheAddressSetsWhatItSays(t *testing.T) {
	t.Parallel()
	config, err := poolConfig("postgres://u:p@h/d?pool_max_conns=20&connect_timeout=30", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if config.MaxConns != 20 || config.ConnConfig.ConnectTimeout != time.Second {
		t.Errorf("%d connections, %s", config.MaxConns, config.ConnConfig.ConnectTimeout)
	}
	if config, err = poolConfig("postgres://u:p@h/d", time.Second); err != nil || config.MaxConns != connections {
		t.Errorf("%d connections, %v", config.MaxConns, err)
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"", "postgres://", "postgres://u:hunter2@h/d", "postgres://u:hunter2@h.com:x/d", "mysql://u:hunter2@h/d", "postgres://u:hunter2%@h/d",
		"postgres://u:hunter2@h/d?sslmode=never", "postgres://u:hunter2@h/d?;=%zz", "host=h password=hunter2", "postgres://u:hunter2@h,i/d",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		config, err := poolConfig(address, time.Second)
		switch {
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("the error shows the password: %v", err)
		case err == nil && (config.ConnConfig.ConnectTimeout <= 0 || config.MaxConns < 2):
			t.Errorf("%d connections, %s", config.MaxConns, config.ConnConfig.ConnectTimeout)
		}
	})
}
