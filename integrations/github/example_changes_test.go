package github_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"slipway/integrations/github"
)

// An error tells whether to look for the effect before doing it again.
func ExampleError_ambiguous() {
	var err error = &github.Error{Op: "re-run run 7 of penny-university/penny_university", Kind: github.Unreachable, Message: "EOF", Ambiguous: true}
	fmt.Println(err)
	if e, ok := errors.AsType[*github.Error](err); ok && e.Ambiguous {
		fmt.Println("look at the run's attempt first")
	}
	// Output:
	// re-run run 7 of penny-university/penny_university: not reached: EOF; it may have been done
	// look at the run's attempt first
}

func ExampleParseEvent() {
	body := []byte(`{"action":"closed","pull_request":{"number":45,"merged":true,"merge_commit_sha":"c0ffee","merged_by":{"login":"bob"},"head":{"sha":"abc"}},"repository":{"full_name":"penny-university/penny_university"}}`)
	e, err := github.ParseEvent("pull_request", body)
	if err != nil {
		log.Fatal(err)
	}
	switch p := e.Payload.(type) {
	case *github.PullEvent:
		if e.Action == "closed" && p.Pull.Merged {
			fmt.Printf("#%d of %s was merged by %s as %s\n", p.Pull.Number, e.Repo, p.Pull.MergedBy, p.Pull.MergeSHA)
		}
	case *github.RunEvent:
		fmt.Println(p.Run.Outcome())
	}
	// Output: #45 of penny-university/penny_university was merged by bob as c0ffee
}

// A workflow is started, and its run found by what the file shows in run-name.
func ExampleClient_Dispatch() {
	client, err := github.New(github.Options{App: &github.App{ID: 77, PrivateKey: "-----BEGIN RSA PRIVATE KEY----- …"}})
	if err != nil {
		return
	}
	defer client.Close()
	ctx, repo := context.Background(), github.Repo{Owner: "penny-university", Name: "penny_university"}
	d := github.Dispatch{Workflow: "deploy.yml", Ref: "master", Inputs: map[string]string{"key": "4711"}}
	start := time.Now().Add(-5 * time.Second)
	if err := client.Dispatch(ctx, repo, d); err != nil {
		return
	}
	runs, err := client.Dispatched(ctx, repo, d, start)
	if err == nil && len(runs) > 0 {
		fmt.Println(runs[0].URL)
	}
}

func ExampleClient_JobLog() {
	client, err := github.New(github.Options{Token: "ghp_example"})
	if err != nil {
		return
	}
	defer client.Close()
	text, err := client.JobLog(context.Background(), github.Repo{Owner: "o", Name: "n"}, 8)
	if github.KindOf(err) == github.NotReady {
		fmt.Println("ask again in some seconds")
	}
	if err != nil {
		return
	}
	defer text.Close()
	lines := bufio.NewReader(text)
	for line, err := lines.ReadString('\n'); err == nil; line, err = lines.ReadString('\n') {
		fmt.Print(line)
	}
}
