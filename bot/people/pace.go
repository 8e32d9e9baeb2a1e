package people

import (
	"errors"
	"time"

	"slipway/integrations/slack"
)

const (
	asksInMinute = 20 // of the 50 that Slack allows (facts/slack.md, “Rate limits”), as there may be more processes

	firstPause = 10 * time.Second // after a failure
	longPause  = 10 * time.Minute // after a refusal that only a person can end, such as a scope that is missing
)

// mayAsk tells whether Slack may be asked now, and counts the question.
func (p *People) mayAsk(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.asked) > 0 && now.Sub(p.asked[0]) >= time.Minute {
		p.asked = p.asked[1:]
	}
	if now.Before(p.until) || len(p.asked) >= asksInMinute {
		return false
	}
	p.asked = append(p.asked, now)
	return true
}

// refused leaves Slack alone for a while, and logs once that it does not answer.
func (p *People) refused(err error) {
	pause := firstPause
	if e, ok := errors.AsType[*slack.Error](err); ok {
		switch {
		case e.RetryAfter > 0:
			pause = e.RetryAfter
		case e.RateLimited():
			pause = time.Minute
		case e.Code != "":
			pause = longPause
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = time.Now().Add(pause)
	if !p.silent {
		p.Log.Warn("who has an e-mail address cannot be asked, so people are named and not mentioned", "again_in", pause, "error", err)
	}
	p.silent = true
}

// answered logs once that Slack answers again.
func (p *People) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		p.Log.Info("who has an e-mail address can be asked again")
	}
	p.silent = false
}
