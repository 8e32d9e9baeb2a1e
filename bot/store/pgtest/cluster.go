package pgtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// cluster is a Postgres on 127.0.0.1 that asks for no password and whose data need not survive the machine.
type cluster struct {
	port int
	line io.Closer // the keeper ends the cluster when this is closed, as the system does when this process ends
}

func (c *cluster) url(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

func begin() (c *cluster, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	for range 3 { // the port may be taken by another before Postgres has it
		if c, err = tryBegin(bin); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func tryBegin(bin string) (*cluster, error) {
	folder, attributes, err := home()
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(folder, "data"),
		"-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = folder, attributes
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(folder))
	}
	return keep(bin, folder, attributes)
}

// keeper runs Postgres until its own input ends, then stops it by its process id and removes the folder. It outlives this process for
// that.
const keeper = `"$0/postgres" -D "$1/data" -p "$2" -k "$1" -c listen_addresses=127.0.0.1 \
	-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=16MB >"$1/log" 2>&1 </dev/null &
cat >/dev/null
kill -INT $!
wait $!
rm -rf "$1"`

func keep(bin, folder string, attributes *syscall.SysProcAttr) (*cluster, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	shell := exec.Command("/bin/sh", "-c", keeper, bin, folder, strconv.Itoa(port))
	shell.Dir, shell.SysProcAttr = folder, attributes
	line, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	c := &cluster{port: port, line: line}
	for range 3000 {
		if err = c.ask("select 1"); err == nil {
			return c, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(folder, "log"))
	return nil, errors.Join(fmt.Errorf("postgres does not answer: %w\n%s", err, log), line.Close(), shell.Wait())
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// binaries gives the folder of initdb and postgres: from PATH, else the newest of Debian's.
func binaries() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			return filepath.Dir(real), nil
		}
	}
	best, newest := "", -1
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	for _, initdb := range found {
		bin := filepath.Dir(initdb)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(bin))); err == nil && version > newest {
			best, newest = bin, version
		}
	}
	if best == "" {
		return "", errors.New("there is no initdb in PATH or in /usr/lib/postgresql/*/bin; on Debian: apt-get install postgresql")
	}
	return best, nil
}

// home makes the cluster's folder, and says as whom it runs: Postgres refuses to be root.
func home() (string, *syscall.SysProcAttr, error) {
	// In a process group of its own: what ends a test from the keyboard must not end the keeper before its work.
	attributes := &syscall.SysProcAttr{Setpgid: true}
	folder, err := os.MkdirTemp("", "pgtest")
	if err != nil || os.Getuid() != 0 {
		return folder, attributes, err
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUser := strconv.Atoi(account.Uid)
		gid, errGroup := strconv.Atoi(account.Gid)
		if err := errors.Join(errUser, errGroup, os.Chown(folder, uid, gid)); err != nil {
			return "", nil, err
		}
		attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return folder, attributes, nil
	}
	return "", nil, errors.New("there is neither an account postgres nor one nobody, and Postgres does not run as root")
}
