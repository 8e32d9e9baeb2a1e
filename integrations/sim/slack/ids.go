package slacksim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Who is who in the simulated workspace.
const (
	teamID            = "T01SLIPWAY"
	teamDomain        = "slipway-sim"
	appID             = "A01SLIPWAY"
	botID             = "B01SLIPWAY"
	botUserID         = "U01SLIPBOT"
	slackbotID        = "USLACKBOT" // who says that a message was deleted
	appToken          = "xapp-1-A01SLIPWAY-1-simulated"
	botToken          = "xoxb-1-simulated"
	verificationToken = "simulated-verification-token"
)

// AppToken is the app-level token that opens sockets.
func (s *Server) AppToken() string { return appToken }

// BotToken is the token of the Web API.
func (s *Server) BotToken() string { return botToken }

// BotUserID is the bot's user id: mention it as <@BotUserID>.
func (s *Server) BotUserID() string { return botUserID }

// BotID is what bot_id says in the bot's messages.
func (s *Server) BotID() string { return botID }

// AppID is the app's id.
func (s *Server) AppID() string { return appID }

// TeamID is the workspace's id.
func (s *Server) TeamID() string { return teamID }

// ids hands out names in the order in which they are asked for.
type ids struct {
	lastTS int64 // microseconds
	counts map[string]int
}

func (i *ids) next(kind string) int {
	if i.counts == nil {
		i.counts = map[string]int{}
	}
	i.counts[kind]++
	return i.counts[kind]
}

// ts gives a message timestamp: unique and increasing in the whole workspace.
func (i *ids) ts() string {
	now := time.Now().UnixMicro()
	i.lastTS = max(now, i.lastTS+1)
	return formatTS(i.lastTS)
}

func formatTS(us int64) string { return fmt.Sprintf("%d.%06d", us/1e6, us%1e6) }

// parseTS reads a message timestamp, or a plain number of seconds, as microseconds.
func parseTS(ts string) (int64, bool) {
	sec, frac, _ := strings.Cut(ts, ".")
	if len(frac) > 6 {
		frac = frac[:6]
	}
	us, err := strconv.ParseInt(sec+(frac + "000000")[:6], 10, 64)
	return us, err == nil
}

// named gives an id such as V0000000001.
func (i *ids) named(prefix string) string {
	return fmt.Sprintf("%s%010s", prefix, strings.ToUpper(strconv.FormatInt(int64(i.next(prefix)), 36)))
}

// uuid gives an id of the shape of envelope ids and tickets.
func (i *ids) uuid(kind string) string {
	n := i.next("uuid")
	return fmt.Sprintf("%08x-%s-4000-8000-%012x", n, kind, n)
}

// short gives a generated block_id or action_id.
func (i *ids) short(kind string) string {
	return kind + strconv.FormatInt(int64(i.next(kind)), 36)
}
