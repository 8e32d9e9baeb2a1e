package slacksim

import "time"

const (
	postEvery = time.Second // chat.postMessage and response URLs: one a second for each channel or URL …
	postBurst = 4           // … with short bursts
)

// limits remembers calls as far as the rate limits look back.
type limits struct {
	calls map[string][]time.Time // by method: those of the last minute
	full  map[string]time.Time   // by channel or URL: when its bucket will have run empty
}

// limit tells how long a call has to wait before it is let in; 0 lets it in and counts it.
func (s *Server) limit(m method, c *call) time.Duration {
	if s.opts.NoLimits {
		return 0
	}
	if c.method != "chat.postMessage" {
		return s.limits.perMinute(c.method, m.tier)
	}
	if most := s.opts.Unverified.PostsPerMinute; most > 0 {
		if wait := s.limits.perMinute(c.method, most); wait > 0 {
			return wait
		}
	}
	channel := c.str("channel")
	if ch, err := s.postTarget(channel); err == nil {
		channel = ch.ID // however the call named it
	}
	return s.limits.perSecond("channel " + channel)
}

// perMinute lets most calls through in any minute.
func (l *limits) perMinute(key string, most int) time.Duration {
	if l.calls == nil {
		l.calls = map[string][]time.Time{}
	}
	now := time.Now()
	recent := l.calls[key]
	for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
		recent = recent[1:]
	}
	if len(recent) >= most {
		l.calls[key] = recent
		return time.Minute - now.Sub(recent[0])
	}
	l.calls[key] = append(recent, now)
	return 0
}

// perSecond is a bucket that holds postBurst calls and runs empty by one each second.
func (l *limits) perSecond(key string) time.Duration {
	if l.full == nil {
		l.full = map[string]time.Time{}
	}
	now := time.Now()
	empty := l.full[key]
	if empty.Before(now) {
		empty = now
	}
	if wait := empty.Sub(now) - (postBurst-1)*postEvery; wait > 0 {
		return wait
	}
	l.full[key] = empty.Add(postEvery)
	return 0
}
