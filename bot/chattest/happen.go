package chattest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"slipway/integrations/sim/world"
)

// played are the verbs that are the player's own: the time, the bot, and what is to be shown. All others are the world's.
var played = []string{"clock", "delete", "kill", "restart", "show", "stop", "wait"}

// happen plays a "!" line.
func (p *Player) happen(verb string, args []string) error {
	switch verb {
	case "wait":
		return p.wait(args)
	case "clock":
		d, err := duration(args)
		if err != nil {
			return err
		}
		return p.clock.Sleep(d)
	case "kill", "restart", "stop":
		return p.end(verb, args)
	case "show":
		return p.show(args)
	case "delete":
		return p.remove(args)
	case "down", "up":
		if slices.Equal(args, []string{"database"}) { // the bot's, not the world's
			return p.database(verb == "down")
		}
	}
	if !slices.Contains(world.Verbs(), verb) {
		known := slices.Sorted(slices.Values(slices.Concat(played, world.Verbs())))
		return fmt.Errorf("nothing is called !%s; there are !%s", verb, strings.Join(known, " !"))
	}
	return p.world.Do(verb, args)
}

// remove deletes a message of the transcript by hand.
func (p *Player) remove(args []string) error {
	if len(args) != 1 {
		return errDelete
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return errDelete
	}
	at, err := p.numbered(n)
	if err != nil {
		return err
	}
	if err := p.world.Slack.Remove(at.channel, at.ts); err != nil {
		return fmt.Errorf("message #%d is deleted already", n)
	}
	return nil
}

var errDelete = errors.New("write !delete 3")

func (p *Player) database(away bool) error {
	if p.bot == nil {
		return errNoBot
	}
	return p.bot.Database(away)
}

func (p *Player) wait(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("!wait stands alone; !clock %s lets that much time pass", args[0])
	}
	p.Settle() // what has just been said may yet begin something
	if p.clock.Wait(func() bool { return len(p.open()) == 0 }) {
		return nil
	}
	return fmt.Errorf("still open after two hours: %s", strings.Join(p.open(), ", "))
}

// open names what is going on, in the world and in the bot.
func (p *Player) open() []string {
	open := p.world.Open()
	if n := p.busy(); n > 0 {
		open = append(open, fmt.Sprintf("what the bot has yet to answer or to write (%d)", n))
	}
	if p.bot == nil || len(open) > 0 {
		return open
	}
	switch n, err := p.bot.Open(); {
	case err != nil:
		return []string{"operations, of which the database does not tell"}
	case n > 0:
		return []string{fmt.Sprintf("operations of the bot (%d)", n)}
	}
	return nil
}

// end ends the bot and starts it again, for !stop after a while.
func (p *Player) end(verb string, args []string) error {
	if p.bot == nil {
		return errNoBot
	}
	down := time.Duration(0)
	if verb == "stop" {
		var err error
		if down, err = duration(args); err != nil {
			return err
		}
		if err := p.clock.Sleep(0); err != nil {
			return err // before the bot is gone for so long in real time
		}
	} else if len(args) > 0 {
		return fmt.Errorf("!%s stands alone", verb)
	}
	stop := p.bot.Stop
	if verb == "kill" {
		stop = p.bot.Kill
	}
	if err := stop(); err != nil {
		return err
	}
	if down > 0 {
		if err := p.clock.Sleep(down); err != nil {
			return err
		}
	}
	return p.bot.Start()
}
