package herokusim

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTheHerokuCLI lets Heroku's own command line, which nobody here wrote, work against the simulator, on real sockets
// and in real time. .ci/heroku-cli/run.sh installs it and runs this test. "Sequences … [seen]" in the facts is what each
// command is to ask; whatever else it asked, or did not ask here, fails.
func TestTheHerokuCLI(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	c.reads()
	c.changes()
	c.runs()
	c.rollsBack()
	c.backsUp()
	c.cannotLeave()
}

func (c *cli) reads() {
	c.run(
		cliCall{args: "releases", out: `(?s)Current: v123\n.*v122 +Deploy 69eec518 +alice@.*v121 +Set FEATURE_X config vars.*v120 .*bob@`, asks: "GET /releases"},
		cliCall{args: "releases:info v121", out: `(?s)=== Release v121.*Change: +Set FEATURE_X config vars.*DEBUG: +0\nFEATURE_X: 1\n`, asks: "GET /releases/121, GET /releases/121/config-vars"},
		cliCall{args: "releases:output v123", out: `^No migrations to apply\.\n$`, asks: "GET /releases/123, GET stream"},
		cliCall{args: "config", out: `(?s)=== penny-university Config Vars\n\nDEBUG: +0\nFEATURE_X: 1\n`, asks: "GET /config-vars"},
		cliCall{args: "apps:info", out: `(?s)=== penny-university\n.*Addons: +heroku-postgresql:standard-0\n.*Collaborators: +bob@example.com\n.*Owner: +alice@`, asks: "GET , GET /addons, GET /collaborators, GET /dynos, GET /pipeline-couplings"},
	)
}

func (c *cli) changes() {
	c.run(
		cliCall{args: "maintenance:on", err: `maintenance mode for penny-university\.\.\. done`, asks: "PATCH "},
		cliCall{args: "maintenance", out: `^on\n$`, asks: "GET "},
		cliCall{args: "maintenance:off", err: `done`, asks: "PATCH "},
		cliCall{args: "maintenance", out: `^off\n$`, asks: "GET "},
		cliCall{args: "ps", out: `(?s)=== web \(Standard-1X\): gunicorn penny\.wsgi \(2\)\n\nweb\.1: up .*web\.2: up .*=== worker \(Basic\)`, asks: "GET , GET /account, GET /dynos"},
		cliCall{args: "ps:scale web=3 worker+1", err: `done, now running web at 3:Standard-1X, worker at 2:Basic`, asks: "GET , PATCH /formation"},
		cliCall{args: "ps:restart", err: `Restarting all dynos on penny-university\.\.\. done`, asks: "DELETE /dynos"},
		cliCall{args: "ps:stop --dyno-name web.1", err: `Stopping dyno web\.1 on penny-university\.\.\. done`, asks: "POST /dynos/web.1/actions/stop"},
		cliCall{args: "ps", out: `(?s)web\.1: down .*web\.2: up .*web\.3: up .*worker\.2: up `, asks: "GET , GET /account, GET /dynos"},
		cliCall{args: "ps:stop --dyno-name web.9", status: 2, err: `Couldn't find that dyno\.`, asks: "POST /dynos/web.9/actions/stop"},
	)
}

func (c *cli) runs() {
	c.app.OnRun(func(_ context.Context, r Run) int {
		r.Print("ran " + r.Command + " with FEATURE_X=" + r.Env["FEATURE_X"])
		if strings.Contains(r.Command, "fails") {
			return 3
		}
		return 0
	})
	const attached = "GET , GET /account, GET /account, POST /dynos" // "GET /account (API, particleboard)"
	_, said := c.run(cliCall{args: "run:detached", command: "manage.py migrate", err: `done, run\.\d{4}`, asks: "GET , POST /dynos"})
	for len(c.Open()) > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	name := regexp.MustCompile(`run\.\d+`).FindString(said)
	c.run(
		cliCall{
			args: "logs --dyno-name " + name, out: `(?s)^\S+ heroku\[` + name + `\]: State changed from starting to up\n` +
				`\S+ app\[` + name + `\]: ran manage.py migrate with FEATURE_X=1\n` +
				`\S+ heroku\[` + name + `\]: Process exited with status 0\n\S+ heroku\[` + name + `\]: State changed from up to complete\n$`,
			asks: "GET , GET logplex, POST /log-sessions",
		},
		cliCall{args: "logs --dyno " + name, out: `ran manage.py migrate`, asks: "GET , GET logplex, POST /log-sessions"},
		cliCall{args: "run --exit-code", command: "manage.py check", out: `^ran manage.py check with FEATURE_X=1\n+$`, asks: attached},
		cliCall{args: "run --exit-code", command: "manage.py fails", status: 3, out: `^ran manage.py fails`, err: `Process exited with code 3`, asks: attached},
		cliCall{args: "run --exit-code", command: "sh -c|exit 4", status: 4, err: `Process exited with code 4`, asks: attached},
		// "With `--exit-code` and no marker the CLI fails": exit ends the shell before it comes to the marker.
		cliCall{args: "run --exit-code", command: "exit 4", status: 1, err: `No exit code returned`, asks: attached},
		cliCall{args: "run", command: "echo hi", out: `^hi\n+$`, asks: attached},
	)
}

func (c *cli) rollsBack() {
	c.run(cliCall{args: "rollback", err: `Rolling back penny-university to v122\.\.\. done, v124`, asks: "GET /releases, GET stream, POST /releases"})
	c.waitFor(124)
	c.run(cliCall{args: "rollback v120", err: `Rolling back penny-university to v120\.\.\. done, v125`, asks: "GET /releases/120, GET stream, POST /releases"})
	c.waitFor(125)
	c.run(
		cliCall{args: "releases", out: `(?s)Current: v125\n.*v125 +Rollback to v120 .*v124 +Rollback to v122 `, asks: "GET /releases"},
		cliCall{args: "config", out: `(?s)Config Vars\n\nDEBUG: +0\n\s*$`, asks: "GET /config-vars"}, // v120 had no FEATURE_X
		cliCall{args: "rollback v999", status: 2, err: `Couldn't find that release\.`, asks: "GET /releases/999"},
	)
	if got := c.app.Current(); got.Commit != sha2 || got.By != alice {
		c.t.Errorf("in the end %+v runs", got)
	}
}

// backsUp asks the Data API: "heroku pg:backups" and what belongs to it.
func (c *cli) backsUp() {
	c.app.AddBackup(PastBackup{At: time.Now().Add(-3 * time.Hour)})
	c.run(
		cliCall{args: "pg:backups", out: `(?s)=== Backups\n.* b001 .* Completed .* 24\.00MB +DATABASE.*No restores found.*No copies found`, asks: "GET data/transfers"},
		cliCall{args: "pg:backups:info b001", out: `(?s)=== Backup b001\n.*Status: +Completed\nType: +Manual\nOriginal DB Size: 120\.00MB\nBackup Size: +24\.00MB`, asks: "GET data/transfers/1"},
		cliCall{args: "pg:backups:capture", err: `Starting backup of .*done(?s).*Backing up DATABASE to b002\.\.\. done`, asks: "GET data/database, GET data/transfers/id, POST /actions/addon-attachments/resolve, POST data/database/backups"},
	)
	c.app.FailNextBackup("pg_dump: error: out of time")
	c.run(
		cliCall{args: "pg:backups:capture", status: 2, err: `(?s)An error occurred and the backup did not finish\..*pg_dump: error: out of time`, asks: "GET data/database, GET data/transfers/id, POST /actions/addon-attachments/resolve, POST data/database/backups"},
		cliCall{args: "pg:backups", out: `(?s) b003 .* Failed .* b002 .* Completed .* b001 .* Completed `, asks: "GET data/transfers"},
		cliCall{args: "pg:backups:url b001", out: `^http://127\.0\.0\.1:\d+/backups/`, asks: "POST data/transfers/1/actions/public-url"},
		cliCall{args: "pg:backups:delete b001 --confirm penny-university", err: `Deleting backup b001 on penny-university\.\.\. done`, asks: "DELETE data/transfers/1"},
		cliCall{args: "pg:backups:cancel", status: 2, err: `No active backups/transfers`, asks: "GET data/transfers"},
		cliCall{args: "pg:backups:info b001", status: 2, err: `Couldn't find that transfer`, asks: "GET data/transfers/1"},
	)
}

// cannotLeave shows that the fence holds: with an address that the CLI does not take, "anything else only warns and falls
// back to the real heroku.com", and there it gets nowhere.
func (c *cli) cannotLeave() {
	c.env = append(c.env, "HEROKU_HOST=http://herokusim:4013", "HTTPS_PROXY=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1")
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.bin, "releases", "--app", "penny-university")
	cmd.Env, cmd.Dir = c.env, c.dir
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), fellBack) || !strings.Contains(string(out), "ECONNREFUSED 127.0.0.1:1") {
		c.t.Errorf("without the simulator's address the CLI said (%v)\n%s", err, out)
	}
	c.asked(cliCall{args: "releases elsewhere"})
}

// fellBack is what the CLI says when it goes to the real host.
const fellBack = "using default"

// waitFor waits until a release is the current one.
func (c *cli) waitFor(version int) {
	c.t.Helper()
	for until := time.Now().Add(time.Minute); c.app.Current().Version != version; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			c.t.Fatalf("v%d runs, not v%d", c.app.Current().Version, version)
		}
	}
}

// cliCall is one command, and what must come of it.
type cliCall struct {
	args    string
	command string // to run on a dyno; "|" stands before its last word
	status  int
	out     string // what it prints, as a regular expression
	err     string // likewise on stderr
	asks    string // "METHOD /path", sorted; without "/apps/penny-university", a stream's secret, and the ids of transfers
}

// cli is the CLI with its simulator.
type cli struct {
	*Server
	t        *testing.T
	app      *App
	bin, dir string
	env      []string
	seen     int // requests that are done with
}

func startCLI(t *testing.T) *cli {
	t.Helper()
	bin := findCLI(t)
	api, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	meeting, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cert, trusted, err := Certificate()
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + api.Addr().String()
	s := New(Options{URL: url, Speed: 20, Rendezvous: meeting.Addr().String()})
	s.AddAccount(alice, token)
	c := &cli{Server: s, t: t, bin: bin, dir: t.TempDir()}
	c.app = s.AddApp(pennySpec())
	history(c.app)
	c.app.PastRelease(PastRelease{Kind: "config", Set: map[string]string{"FEATURE_X": "1"}, Output: "No migrations to apply.\n"})
	data, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := tunnel(t, data.Addr().String())
	server := &http.Server{Handler: s}
	served := make(chan struct{}, 3)
	go func() { _ = server.Serve(api); served <- struct{}{} }()
	go func() {
		_ = server.Serve(tls.NewListener(data, &tls.Config{Certificates: []tls.Certificate{cert}}))
		served <- struct{}{}
	}()
	go func() {
		_ = s.ServeRendezvous(tls.NewListener(meeting, &tls.Config{Certificates: []tls.Certificate{cert}}))
		served <- struct{}{}
	}()
	t.Cleanup(func() {
		s.Close()
		_ = server.Close()
		<-served
		<-served
		<-served
	})
	pem := filepath.Join(c.dir, "cert.pem")
	if err := os.WriteFile(pem, trusted, 0o600); err != nil {
		t.Fatal(err)
	}
	// "Pointing the CLI at it". What goes to a real host over https fails at the proxy.
	c.env = []string{
		"HEROKU_HOST=" + url, "HEROKU_DATA_HOST=127.0.0.1", "HEROKU_PARTICLEBOARD_URL=" + url, "HEROKU_API_KEY=" + token,
		"HEROKU_DISABLE_AUTOUPDATE=1", "DISABLE_TELEMETRY=true", "HEROKU_SKIP_ANALYTICS=1", "HOME=" + c.dir, "CI=1", "TERM=dumb",
		"NODE_EXTRA_CA_CERTS=" + pem, "HTTPS_PROXY=" + proxy, "https_proxy=" + proxy,
		"PATH=" + filepath.Dir(bin) + string(os.PathListSeparator) + os.Getenv("PATH"),
	}
	return c
}

// tunnel is a proxy that leads to the simulator whoever wants to go to HEROKU_DATA_HOST, which takes a host without a port, and nobody
// anywhere else.
func tunnel(t *testing.T, to string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "127.0.0.1:443" {
			http.Error(w, "there is no way to "+r.Host, http.StatusForbidden)
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer far.Close()
		w.WriteHeader(http.StatusOK)
		near, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer near.Close()
		go func() {
			_, _ = io.Copy(far, buffered)
			_ = far.(*net.TCPConn).CloseWrite()
		}()
		_, _ = io.Copy(near, far)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// findCLI finds the CLI. Under CI it must be there; elsewhere it is tried only by its script, because it takes a minute.
func findCLI(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SLIPWAY_HEROKU_CLI")
	if dir == "" && os.Getenv("CI") != "true" {
		t.Skip("NOT CHECKED: run .ci/heroku-cli/run.sh to try Heroku's CLI")
	}
	if dir == "" {
		dir = filepath.Join("..", "..", "..", ".ci", "heroku-cli")
	}
	bin, err := filepath.Abs(filepath.Join(dir, "node_modules", ".bin", "heroku"))
	if err == nil {
		_, err = os.Stat(bin)
	}
	if err != nil {
		skipUnlessCI(t, "Heroku's CLI is not here; run .ci/heroku-cli/run.sh: "+err.Error())
	}
	return bin
}

// run runs commands, one after the other, and holds what each printed, asked and ended with against what is wanted. It
// gives what the last one printed.
func (c *cli) run(calls ...cliCall) (stdout, stderr string) {
	c.t.Helper()
	for _, call := range calls {
		stdout, stderr = c.one(call)
	}
	return stdout, stderr
}

func (c *cli) one(call cliCall) (stdout, stderr string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	args := strings.Fields(call.args + " --app penny-university")
	if words, last, quoted := strings.Cut(call.command, "|"); call.command != "" {
		args = append(append(args, "--"), strings.Fields(words)...)
		if quoted {
			args = append(args, last)
		}
	}
	cmd := exec.CommandContext(ctx, c.bin, args...)
	cmd.Env, cmd.Dir = c.env, c.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	status := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status = exit.ExitCode()
	} else if err != nil {
		c.t.Fatalf("heroku %s: %v", call.args, err)
	}
	if status != call.status {
		c.t.Errorf("heroku %s: exit status %d, want %d; it said\n%s", call.args, status, call.status, errs.String())
	}
	for what, check := range map[string][2]string{"stdout": {call.out, out.String()}, "stderr": {call.err, errs.String()}} {
		if !regexp.MustCompile(check[0]).MatchString(check[1]) {
			c.t.Errorf("heroku %s: %s is\n%s\nwant it to match %s", call.args, what, check[1], check[0])
		}
	}
	if strings.Contains(errs.String(), fellBack) {
		c.t.Errorf("heroku %s: fell back to the real host: %s", call.args, errs.String())
	}
	c.asked(call)
	return out.String(), errs.String()
}

var (
	dataPath     = regexp.MustCompile(`^/client/v11(?:/apps/penny-university)?(/.*)$`)
	transferPath = regexp.MustCompile(`^data/transfers/[0-9a-f]{8}-[0-9a-f-]{27}$`)
)

func (c *cli) asked(call cliCall) {
	c.t.Helper()
	requests, next := c.Weather().Requests(c.seen)
	c.seen = next
	var got []string
	for _, r := range requests {
		path := strings.TrimPrefix(r.Path, "/apps/penny-university")
		for _, secret := range []string{"stream", "logplex"} {
			if strings.HasPrefix(path, "/"+secret) {
				path = secret
			}
		}
		path = dataPath.ReplaceAllString(path, "data$1")
		path = strings.Replace(path, "data/databases/"+c.app.addons[0].id, "data/database", 1)
		if path = transferPath.ReplaceAllString(path, "data/transfers/id"); strings.HasSuffix(path, "/id") && slices.Contains(got, r.Method+" "+path) {
			continue // it looks again and again until a backup has ended
		}
		got = append(got, r.Method+" "+path)
	}
	slices.Sort(got)
	if diff := cmp.Diff(call.asks, strings.Join(got, ", ")); diff != "" {
		c.t.Errorf("heroku %s asked other things than wanted (-want +got):\n%s", call.args, diff)
	}
}
