package doctor

import (
	"context"
	"errors"
	"strings"

	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// lookAtChannels looks whether each app can be told of: its channel is there and takes messages of ours.
func lookAtChannels(ctx context.Context, p *Patient) []Finding {
	var list []slack.Channel
	var err error
	byName := false
	ids := map[string]string{}
	for _, app := range p.Config.Apps {
		ids[app.Name] = p.channelID(ctx, app)
		byName = byName || ids[app.Name] == ""
	}
	if byName {
		if list, err = p.Slack.Channels(ctx); p.told(err) {
			return nil
		}
	}
	return p.eachApp(func(app config.App) []Finding {
		subject := "Channel of " + app.Name
		ch, found, err := p.channel(ctx, app, ids[app.Name], list, err)
		switch {
		case p.told(err):
			return nil
		case err != nil:
			return []Finding{unknown(subject, err, slackAway)}
		case !found:
			return []Finding{fault(subject, "there is no "+shown(app.Channel)+" that the bot can see", "Invite the bot there if it is private (/invite @slipway), or put the channel's id (C…) into APPS.")}
		}
		return p.judge(ctx, subject, app, ch)
	})
}

// channelID is the id that a channel's name stands for; "": it is not known.
func (p *Patient) channelID(ctx context.Context, app config.App) (id string) {
	if app.Channel != strings.ToLower(app.Channel) { // names have no capital letters
		return app.Channel
	}
	if p.Channels == nil {
		return ""
	}
	err := p.Channels.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, _, err = p.Channels.ID(ctx, tx, app)
		return err
	})
	if err != nil {
		return "" // which has a finding of its own
	}
	return id
}

func (p *Patient) channel(ctx context.Context, app config.App, id string, list []slack.Channel, failed error) (ch slack.Channel, found bool, err error) {
	if id != "" {
		ch, err = p.Slack.Channel(ctx, id)
		if e, ok := errors.AsType[*slack.Error](err); ok && e.Code == "channel_not_found" {
			return slack.Channel{}, false, nil
		}
		return ch, err == nil, err
	}
	for _, one := range list {
		if one.Name == app.Channel && (!found || ch.Archived) {
			ch, found = one, true
		}
	}
	return ch, found, failed
}

func (p *Patient) judge(ctx context.Context, subject string, app config.App, ch slack.Channel) []Finding {
	here := shown(ch.Name)
	switch {
	case ch.Archived:
		return []Finding{fault(subject, here+" is archived and takes no messages", "Unarchive it, or name another channel in APPS.")}
	case !ch.Member:
		return []Finding{fault(subject, "the bot is not in "+here+", where it cannot post", "Type /invite @slipway in "+here+".")}
	}
	f := well(subject, "%s, and the bot is in it", here)
	if app.Channel == strings.ToLower(app.Channel) && ch.Name != app.Channel {
		f = warning(subject, shown(app.Channel)+" is called "+here+" now; slipway still follows it", "Write its name, or its id "+ch.ID+", into APPS: a new database would look for "+shown(app.Channel)+".")
	}
	if !p.Post {
		return []Finding{f}
	}
	return []Finding{f, p.post(ctx, app, ch)}
}

// post writes and deletes, which is as far as anybody can try it.
func (p *Patient) post(ctx context.Context, app config.App, ch slack.Channel) Finding {
	subject := "Test post for " + app.Name
	posted, err := p.Slack.Post(ctx, ch.ID, slack.Message{Text: "slipway doctor tries whether it can post here, and deletes this."})
	if err != nil {
		return fault(subject, "failed: "+err.Error(), "Look at the other findings about Slack, and whether posting in "+shown(ch.Name)+" is restricted in its settings.")
	}
	if err := p.Slack.Delete(ctx, posted); err != nil {
		return warning(subject, "was posted, and could not be deleted: "+err.Error(), "Delete it by hand.")
	}
	return well(subject, "posted and deleted in %s", shown(ch.Name))
}

// shown is a channel as people write it.
func shown(name string) string {
	if name == strings.ToLower(name) {
		return "#" + name
	}
	return name
}
