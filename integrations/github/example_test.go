package github_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
)

// simulated gives the address of a GitHub with two commits on master, and what stops it.
func simulated() (s *githubsim.Server, url string, stop func()) {
	s = githubsim.New(githubsim.Options{})
	s.AddUser("ada", "Ada L.", "")
	s.AddToken("ghp_example", "ada", "penny-university/penny_university")
	repo := s.AddRepo("penny-university", "penny_university", "master")
	at := time.Date(2021, 3, 1, 14, 5, 0, 0, time.UTC)
	repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Start", At: at, Files: []githubsim.File{{Path: "Procfile", Text: "web: gunicorn penny_university.wsgi\n"}}})
	repo.Branch("master", "v1")
	repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Say hello\n\nPolitely.", At: at.Add(time.Hour), Files: []githubsim.File{{Path: "hello", Text: "hello"}}})
	srv := httptest.NewServer(s)
	return s, srv.URL, func() { srv.Close(); s.Close() }
}

func ExampleNew() {
	_, err := github.New(github.Options{Token: "ghp_pasted with a space"})
	fmt.Println(err)
	// Output:
	// the GitHub token holds a space, a line break or a letter outside ASCII; paste it again
}

func ExampleParseRepo() {
	repo, err := github.ParseRepo("penny-university/penny_university")
	fmt.Println(repo, err)
	_, err = github.ParseRepo("https://github.com/penny-university/penny_university")
	fmt.Println(err)
	// Output:
	// penny-university/penny_university <nil>
	// repository "https://github.com/penny-university/penny_university": write it as owner/name, without the address
}

func ExampleClient_Compare() {
	_, url, stop := simulated()
	defer stop()
	client, err := github.New(github.Options{URL: url, Token: "ghp_example"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	repo := github.Repo{Owner: "penny-university", Name: "penny_university"}
	c, err := client.Compare(context.Background(), repo, "v1", "master")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("master is %s of v1 by %d:\n", c.Status, c.Ahead)
	for _, commit := range c.Commits {
		title, _, _ := strings.Cut(commit.Message, "\n")
		fmt.Printf("%s by %s, %s\n", title, commit.Author, commit.At.Format(time.DateTime))
	}
	// Output:
	// master is ahead of v1 by 1:
	// Say hello by ada, 2021-03-01 15:05:00
}

func ExampleClient_File() {
	_, url, stop := simulated()
	defer stop()
	client, err := github.New(github.Options{URL: url, Token: "ghp_example"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	repo := github.Repo{Owner: "penny-university", Name: "penny_university"}
	text, err := client.File(context.Background(), repo, "Procfile", "master")
	fmt.Printf("%s%v\n", text, err)
	_, err = client.File(context.Background(), repo, ".slipway.yml", "master")
	fmt.Println(github.KindOf(err) == github.NotFound)
	// Output:
	// web: gunicorn penny_university.wsgi
	// <nil>
	// true
}

func ExampleError() {
	sim, url, stop := simulated()
	defer stop()
	client, err := github.New(github.Options{URL: url, Token: "ghp_example"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	reset := time.Now().Add(20 * time.Minute).Truncate(time.Second)
	sim.SetQuota(0, reset)
	_, err = client.Repository(context.Background(), github.Repo{Owner: "penny-university", Name: "penny_university"})

	var e *github.Error
	if errors.As(err, &e) {
		fmt.Println(e.Op)
		fmt.Println(e.Kind, e.Status == http.StatusForbidden, e.Until.Equal(reset))
	}
	// Output:
	// read repository penny-university/penny_university
	// out of quota true true
}

func ExampleClient_Quota() {
	_, url, stop := simulated()
	defer stop()
	client, err := github.New(github.Options{URL: url, Token: "ghp_example"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	for range 3 { // the second and third are answered with 304, which is free
		if _, err := client.Branch(context.Background(), github.Repo{Owner: "penny-university", Name: "penny_university"}, "master"); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%d of %d left\n", client.Quota().Remaining, client.Quota().Limit)
	// Output:
	// 4999 of 5000 left
}
