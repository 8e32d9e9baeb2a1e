package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Bounce gives the address of the same database behind a PgBouncer that lends a connection for one transaction, as Heroku's does. It
// has few of them, so that transactions of one client run on several. Where the machine has none the test is skipped, or fails when CI
// is true.
func Bounce(t testing.TB, address string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/pgbouncer") // Debian's, which is in root's PATH only
	}
	if err != nil {
		missing(t, "PGBOUNCER", errors.New("there is no pgbouncer in PATH or in /usr/sbin; on Debian: apt-get install pgbouncer"))
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	folder, attributes, err := home()
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(folder, "pgbouncer.ini")
	if err := os.WriteFile(config, fmt.Appendf(nil, `[databases]
* = host=%s port=%s user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
`, u.Hostname(), u.Port(), port), 0o644); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	bouncer := exec.Command(program, config)
	bouncer.Dir, bouncer.SysProcAttr, bouncer.Stderr = folder, attributes, &said
	if err := bouncer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bouncer.Process.Kill() // it keeps nothing
		_ = bouncer.Wait()
		if t.Failed() {
			t.Logf("%s", &said)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	u.Host = net.JoinHostPort("127.0.0.1", fmt.Sprint(port))
	for range 500 {
		conn, err := net.Dial("tcp", u.Host)
		if err == nil {
			_ = conn.Close()
			return u.String()
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("pgbouncer does not listen")
	return ""
}
