package slacksim

import (
	"fmt"
	"regexp"
	"strings"
)

// typedToken is what Slack turns into a mention or link while a person types, or such a mention already.
var typedToken = regexp.MustCompile(`<[@#!][^<>\s]+>|@[A-Za-z0-9._-]+|#[a-z0-9_-]+|https?://[^\s<>]+`)

// typed gives a person's text as Slack sends it on: mentions and links encoded, and &, < and > escaped. With
// escape false (a slash command registered without should_escape) it stays raw.
func (s *Server) typed(text string, escape bool) string {
	if s.opts.Unverified.PhonePunctuation {
		text = phoned(text)
	}
	if !escape {
		return text
	}
	var b strings.Builder
	for text != "" {
		at := typedToken.FindStringIndex(text)
		if at == nil {
			break
		}
		b.WriteString(escapeText(text[:at[0]]))
		b.WriteString(s.encodeToken(text[at[0]:at[1]]))
		text = text[at[1]:]
	}
	return b.String() + escapeText(text)
}

func (s *Server) encodeToken(token string) string {
	switch token[0] {
	case '<':
		return token
	case '@':
		name := strings.TrimRight(token[1:], ".")
		for _, id := range sortedKeys(s.users) {
			if s.users[id].Name == name {
				return fmt.Sprintf("<@%s>", id) + token[1+len(name):]
			}
		}
		return token
	case '#':
		for _, id := range sortedKeys(s.channels) {
			if s.channels[id].Name == token[1:] {
				return fmt.Sprintf("<#%s|%s>", id, token[1:])
			}
		}
		return token
	}
	return "<" + escapeText(token) + ">"
}

func escapeText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func unescapeText(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// withNames writes the person's name into mentions, as slash commands have it: <@U1|alice>.
func (s *Server) withNames(text string) string {
	return mention.ReplaceAllStringFunc(text, func(m string) string {
		if u := s.users[m[2:len(m)-1]]; u != nil {
			return fmt.Sprintf("<@%s|%s>", u.ID, u.Name)
		}
		return m
	})
}

var mention = regexp.MustCompile(`<@[A-Z0-9]+>`)

func mentions(text, user string) bool {
	return strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|")
}

// phoned is what phones make of punctuation.
func phoned(text string) string {
	for range strings.Count(text, `"`) {
		text = strings.Replace(strings.Replace(text, `"`, "“", 1), `"`, "”", 1)
	}
	return strings.NewReplacer("--", "—", "'", "’").Replace(text)
}

// richText is the block that Slack makes of a person's text.
func (s *Server) richText(text string) []any {
	var parts []any
	add := func(kind, field, value string) {
		if value != "" {
			parts = append(parts, map[string]any{"type": kind, field: value})
		}
	}
	for text != "" {
		at := richToken.FindStringIndex(text)
		if at == nil {
			break
		}
		add("text", "text", unescapeText(text[:at[0]]))
		token, _, _ := strings.Cut(text[at[0]+1:at[1]-1], "|")
		switch token[0] {
		case '@':
			add("user", "user_id", token[1:])
		case '#':
			add("channel", "channel_id", token[1:])
		default:
			add("link", "url", unescapeText(token))
		}
		text = text[at[1]:]
	}
	add("text", "text", unescapeText(text))
	return []any{map[string]any{
		"type": "rich_text", "block_id": s.ids.short("b"),
		"elements": []any{map[string]any{"type": "rich_text_section", "elements": parts}},
	}}
}

var richToken = regexp.MustCompile(`<[@#][^<>]+>|<https?://[^<>]+>`)
