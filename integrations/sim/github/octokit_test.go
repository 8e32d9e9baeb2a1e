package githubsim

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestOctokit lets GitHub's own client, which nobody here wrote, work against the simulator, on real sockets and in real
// time: .ci/octokit/check.mts asks, and holds every answer and every webhook against GitHub's own schemas. Its program is
// compiled here, so that octokit's types have their say. .ci/octokit/run.sh installs what it needs and runs this test.
func TestOctokit(t *testing.T) {
	t.Parallel()
	dir, node := findOctokit(t)
	api, blob := listen(t), listen(t)
	url, blobURL := "http://"+api.Addr().String(), "http://"+blob.Addr().String()
	s := New(Options{URL: url, Blob: blobURL, Speed: 1000})
	r := build(s)
	for _, job := range []Job{{Name: "backup", Steps: []Step{{Name: "Copy", Takes: time.Second}}}, {Name: "long", Steps: []Step{{Name: "Wait", Takes: 24 * time.Hour}}}} {
		r.AddWorkflow(Workflow{
			Path: ".github/workflows/" + job.Name + ".yml", Name: job.Name, On: []string{"workflow_dispatch"}, Inputs: []string{"what"}, Jobs: []Job{job},
		})
	}
	r.Commit("master", CommitSpec{Author: "bob", Message: "Back up by hand", At: hour(-1)})
	r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: time.Now().Add(-time.Hour), FailJob: "test-backend (3.8)", FailStep: "Test with pytest"})
	s.AddApp(AppSpec{
		ID: appID, Slug: "slipway", Name: "slipway", Owner: "penny", Key: &key().PublicKey,
		Permissions: Permissions{"contents": "read", "checks": "write"},
	}, "penny/university")
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key())})
	serveOn(t, api, s)
	serveOn(t, blob, s.Blob())
	t.Cleanup(s.Close)

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for _, args := range [][]string{
		{filepath.Join("node_modules", "typescript", "bin", "tsc"), "--strict", "--project", "."},
		{filepath.Join("node_modules", ".slipway", "check.mjs")},
	} {
		cmd := exec.CommandContext(ctx, node, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GITHUB_URL="+url, "BLOB_URL="+blobURL, "GITHUB_TOKEN="+token,
			fmt.Sprint("APP_ID=", appID), "APP_KEY="+string(private))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, out)
		}
		t.Logf("%s\n%s", args[0], out)
	}
}

// findOctokit finds node and the folder with the program and octokit in it. Under CI both must be there.
func findOctokit(t *testing.T) (dir, node string) {
	t.Helper()
	dir = os.Getenv("SLIPWAY_OCTOKIT")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", ".ci", "octokit")
	}
	_, missing := os.Stat(filepath.Join(dir, "node_modules", "@octokit", "openapi"))
	node, err := exec.LookPath("node")
	if err != nil {
		missing = err
	}
	switch {
	case missing == nil:
		return dir, node
	case os.Getenv("CI") == "true":
		t.Fatalf("octokit is not here, and CI needs it: run .ci/octokit/run.sh (%v)", missing)
	default:
		t.Skipf("NOT CHECKED: octokit is not here; run .ci/octokit/run.sh (%v)", missing)
	}
	return "", ""
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serveOn answers on a real socket until the test is over.
func serveOn(t *testing.T, l net.Listener, h http.Handler) {
	t.Helper()
	server := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
}
