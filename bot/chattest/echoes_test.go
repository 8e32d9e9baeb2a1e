package chattest

import (
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// echoes are the words that echo understands.
var echoes = map[string]func(e *echo, c slackgo.SlashCommand, rest string){
	"say": func(e *echo, c slackgo.SlashCommand, rest string) { e.post(c.ChannelID, rest) },
	"to": func(e *echo, c slackgo.SlashCommand, rest string) { // a person, in their direct messages
		user, _ := e.stage.World.UserID(rest)
		e.post(user, "Hello "+rest)
	},
	"try": func(e *echo, c slackgo.SlashCommand, rest string) { // in #deploys, from elsewhere
		_, ts, err := e.api.PostMessage("C0DEPLOYS", slackgo.MsgOptionText(rest, false))
		e.tried = ts
		e.refused(c, err)
	},
	"amend": func(e *echo, c slackgo.SlashCommand, rest string) { // what was tried
		_, _, _, err := e.api.UpdateMessage("C0DEPLOYS", e.tried, slackgo.MsgOptionText(rest, false))
		e.refused(c, err)
	},
	"whisper": func(e *echo, c slackgo.SlashCommand, rest string) {
		_, err := e.api.PostEphemeral(c.ChannelID, c.UserID, slackgo.MsgOptionText(rest, false))
		e.must(err)
	},
	"steps": func(e *echo, c slackgo.SlashCommand, rest string) {
		ts := e.post(c.ChannelID, "step 1")
		for i := range 4 {
			e.edit(c.ChannelID, ts, fmt.Sprintf("step %d", i+2))
		}
	},
	"later": func(e *echo, c slackgo.SlashCommand, rest string) {
		ts := e.post(c.ChannelID, "begun")
		e.done.Go(func() {
			time.Sleep(time.Minute)
			e.edit(c.ChannelID, ts, "half")
			e.edit(c.ChannelID, ts, "done")
			time.Sleep(time.Minute)
			e.edit(c.ChannelID, ts, "*done*") // looks the same
		})
	},
	"thread": func(e *echo, c slackgo.SlashCommand, rest string) {
		ts := e.post(c.ChannelID, "the beginning")
		e.post(c.ChannelID, "a reply", slackgo.MsgOptionTS(ts))
	},
	"buttons": func(e *echo, c slackgo.SlashCommand, rest string) {
		e.post(c.ChannelID, "buttons", slackgo.MsgOptionBlocks(buttons(0)...))
	},
	"secret": func(e *echo, c slackgo.SlashCommand, rest string) {
		_, err := e.api.PostEphemeral(c.ChannelID, c.UserID, slackgo.MsgOptionBlocks(
			slackgo.NewActionBlock("hidden", slackgo.NewButtonBlockElement("dismiss", "", plain("Dismiss")),
				slackgo.NewButtonBlockElement("reveal", "", plain("Reveal")))))
		e.must(err)
	},
	"ask": func(e *echo, c slackgo.SlashCommand, rest string) {
		e.must(slackgo.PostWebhookCustomHTTP(c.ResponseURL, e.http, &slackgo.WebhookMessage{
			ResponseType: slackgo.ResponseTypeEphemeral, Blocks: &slackgo.Blocks{BlockSet: question()},
		}))
	},
	"rights": (*echo).rights,
	"modal": func(e *echo, c slackgo.SlashCommand, rest string) {
		opened, err := e.api.OpenView(c.TriggerID, slackgo.ModalViewRequest{
			Type: slackgo.VTModal, Title: plain("Roll back"),
			Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{slackgo.NewSectionBlock(mrkdwn("_Reading releases …_"), nil, nil)}},
		})
		e.must(err)
		if err == nil {
			_, err = e.api.UpdateView(rollback("v121"), "", "", opened.ID)
			e.must(err)
		}
	},
	"home": func(e *echo, c slackgo.SlashCommand, rest string) {
		_, err := e.api.PublishView(c.UserID, slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
			slackgo.NewHeaderBlock(plain("Releases")), slackgo.NewDividerBlock(),
			slackgo.NewSectionBlock(mrkdwn("*penny-university* runs v122"), nil, slackgo.NewAccessory(
				slackgo.NewButtonBlockElement("count", "0", plain("Refresh")))),
		}}}, "")
		e.must(err)
	},
	"write": func(e *echo, c slackgo.SlashCommand, rest string) {
		app := e.stage.World.Apps[0]
		e.write(herokuAddr, "/apps/"+app.ID()+"/releases")
		e.write(herokuAddr, "/apps/"+app.Name()+"/log-sessions") // a read
		e.write(githubAddr, "/repos/penny-university/penny_university/issues")
	},
	"reading": func(e *echo, c slackgo.SlashCommand, rest string) { e.post(c.ChannelID, "", everything) },
}

func plain(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, text, true, false)
}

func mrkdwn(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false)
}

// buttons is a message that counts how often it was pressed.
func buttons(n int) []slackgo.Block {
	more := slackgo.NewButtonBlockElement("link", "", plain("More"))
	more.URL = "https://example.com/more"
	return []slackgo.Block{
		slackgo.NewSectionBlock(mrkdwn(fmt.Sprintf("Pressed *%d* times", n)), nil, nil),
		slackgo.NewActionBlock("presses",
			slackgo.NewButtonBlockElement("count", fmt.Sprint(n), plain("Again")),
			slackgo.NewButtonBlockElement("delete", "", plain("Delete")), more),
	}
}

// question is a message whose buttons replace it and delete it.
func question() []slackgo.Block {
	return []slackgo.Block{
		slackgo.NewSectionBlock(mrkdwn("Turn it on?"), nil, nil),
		slackgo.NewActionBlock("asked", slackgo.NewButtonBlockElement("reveal", "", plain("Turn on")),
			slackgo.NewButtonBlockElement("dismiss", "", plain("Cancel"))),
	}
}

// rollback is a modal with fields of several kinds.
func rollback(undone string) slackgo.ModalViewRequest {
	choice := func(v string) *slackgo.OptionBlockObject { return slackgo.NewOptionBlockObject(v, plain(v), nil) }
	release := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, "choice", choice("v121"), choice("v120"))
	release.InitialOption = choice("v121")
	pick := slackgo.NewInputBlock("release", plain("Go back to"), nil, release).WithDispatchAction(true)
	why := slackgo.NewInputBlock("why", plain("Why"), nil, slackgo.NewPlainTextInputBlockElement(nil, "text"))
	agree := slackgo.NewInputBlock("agree", plain("You agree"), nil, slackgo.NewCheckboxGroupsBlockElement("box", choice("data"), choice("mail"))).WithOptional(true)
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, CallbackID: "rollback", Title: plain("Roll back"), Submit: plain("Roll back"), Close: plain("Cancel"),
		NotifyOnClose: true,
		Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
			slackgo.NewSectionBlock(mrkdwn("This undoes what came after `"+undone+"`."), nil, nil), pick, why, agree,
		}},
	}
}

// everything has an example of each thing that people read.
var everything = slackgo.MsgOptionBlocks(
	slackgo.NewHeaderBlock(plain(":white_check_mark: Header & more")),
	slackgo.NewSectionBlock(mrkdwn("*bold*, _slanted_, ~gone~, `co*d*e` &lt;tag&gt; :tada:"), []*slackgo.TextBlockObject{mrkdwn("*field*\none"), plain("field *two*")}, nil),
	slackgo.NewSectionBlock(mrkdwn("<https://example.com/a_b_c/pull/46|#46>, <https://example.com|a place>, <https://example.com/x>"), nil, nil),
	slackgo.NewSectionBlock(mrkdwn("<@U0ALICE> in <#C0GENERAL> and <!here>, <!date^1767621600^{date_short} {time}^once>"), nil, nil),
	slackgo.NewContextBlock("", mrkdwn("small"), slackgo.NewImageBlockElement("https://example.com/p.png", "a face"), plain("print")),
	slackgo.NewDividerBlock(),
	slackgo.NewImageBlock("https://example.com/p.png", "a graph", "", nil),
	slackgo.NewRichTextBlock("", slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement("rich ", nil), slackgo.NewRichTextSectionUserElement("U0BOB", nil)),
		slackgo.NewRichTextList(slackgo.RTEListBullet, 0,
			slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement("one", nil)),
			slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement("two", nil)))),
)

func (e *echo) interaction(client *socketmode.Client, event socketmode.Event) {
	i := event.Data.(slackgo.InteractionCallback)
	switch i.Type {
	case slackgo.InteractionTypeBlockActions:
		e.must(client.Ack(*event.Request))
		e.pressed(i)
	case slackgo.InteractionTypeViewSubmission:
		e.submitted(client, *event.Request, i)
	case slackgo.InteractionTypeMessageAction:
		e.must(client.Ack(*event.Request))
		_, err := e.api.PostEphemeral(i.Channel.ID, i.User.ID, slackgo.MsgOptionText("Again: "+i.Message.Text, false))
		e.must(err)
	case slackgo.InteractionTypeViewClosed:
		e.must(client.Ack(*event.Request))
		e.post("C0DEPLOYS", "Nothing was rolled back")
	}
}

func (e *echo) pressed(i slackgo.InteractionCallback) {
	action := i.ActionCallback.BlockActions[0]
	switch action.ActionID {
	case "count":
		var n int
		_, _ = fmt.Sscan(action.Value, &n)
		if i.Container.Type == "view" {
			echoes["home"](e, slackgo.SlashCommand{UserID: i.User.ID}, "")
			return
		}
		e.edit(i.Channel.ID, i.Message.Timestamp, "buttons", slackgo.MsgOptionBlocks(buttons(n+1)...))
	case "delete":
		_, _, err := e.api.DeleteMessage(i.Channel.ID, i.Message.Timestamp)
		e.must(err)
	case "dismiss":
		e.must(slackgo.PostWebhookCustomHTTP(i.ResponseURL, e.http, &slackgo.WebhookMessage{DeleteOriginal: true}))
	case "reveal":
		e.must(slackgo.PostWebhookCustomHTTP(i.ResponseURL, e.http, &slackgo.WebhookMessage{ReplaceOriginal: true, Text: "There was nothing"}))
	case "choice":
		_, err := e.api.UpdateView(rollback(action.SelectedOption.Value), "", i.View.Hash, i.View.ID)
		e.must(err)
	}
}

func (e *echo) submitted(client *socketmode.Client, r socketmode.Request, i slackgo.InteractionCallback) {
	values := i.View.State.Values
	why := values["why"]["text"].Value
	if strings.Contains(why, "fun") {
		e.must(client.Ack(r, slackgo.NewErrorsViewSubmissionResponse(map[string]string{"why": "That is no reason."})))
		return
	}
	e.must(client.Ack(r))
	agreed := len(values["agree"]["box"].SelectedOptions)
	e.post("C0DEPLOYS", fmt.Sprintf("<@%s> goes back to %s: %s (agreed to %d)", i.User.ID, values["release"]["choice"].SelectedOption.Value, why, agreed))
}
