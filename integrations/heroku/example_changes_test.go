package heroku_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"slipway/integrations/heroku"
)

// An error tells whether to look for the effect before doing it again.
func ExampleError_ambiguous() {
	var err error = &heroku.Error{Op: "make a release of shop", Kind: heroku.Unreachable, Message: "no answer within 10 s", Ambiguous: true}
	fmt.Println(err)
	if e, ok := errors.AsType[*heroku.Error](err); ok && e.Ambiguous {
		fmt.Println("look for a release of ours first")
	}
	// Output:
	// heroku: make a release of shop: unreachable: no answer within 10 s; it may have been done
	// look for a release of ours first
}

func ExampleParseEvent() {
	e, err := heroku.ParseEvent([]byte(`{"id":"e1","resource":"dyno","action":"destroy","data":{"id":"d1","name":"run.1234","state":"crashed","exit_status":1,"app":{"name":"shop"}}}`))
	if err != nil {
		log.Fatal(err)
	}
	if d, ok := e.Payload.(*heroku.DynoEvent); ok {
		if status, ended := d.Exit(); ended {
			fmt.Printf("%s of %s ended with %d\n", d.Dyno.Name, d.App, status)
		}
	}
	// Output: run.1234 of shop ended with 1
}

func ExampleMarker() {
	m := heroku.Marker("slipway-0f3a9c")
	command, err := m.Wrap("python manage.py migrate users 0006")
	fmt.Println(command, err)
	fmt.Println(m.Find("Unapplying users.0007... OK\nslipway-0f3a9c rc=0\n"))
	// Output:
	// python manage.py migrate users 0006 ; rc=$?; echo "slipway-0f3a9c rc=$rc"; exit $rc <nil>
	// 0 true
}

// A migration is reversed in a one-off dyno whose output is followed.
func ExampleClient_Run() {
	ctx := context.Background()
	client, err := heroku.New(heroku.Options{Token: os.Getenv("HEROKU_API_KEY")})
	if err != nil {
		return
	}
	defer client.Close()
	dyno, err := client.Run(ctx, "shop", heroku.RunSpec{Command: "python manage.py migrate users 0006", TimeToLive: 30 * time.Minute})
	if err != nil {
		return
	}
	logs, err := client.LogSession(ctx, "shop", heroku.LogQuery{Dyno: dyno.Name, Lines: 1500, Tail: true})
	if err != nil {
		return
	}
	_, _ = client.ReadLogs(ctx, logs, "", func(l heroku.LogLine) {
		if status, ok := l.ExitLine(); ok {
			fmt.Println("ended with", status)
		}
	})
}
