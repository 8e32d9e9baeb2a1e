// Package slack is slipway's line to Slack: a Session that receives what people do over two overlapping Socket
// Mode connections, and a Client that posts, edits and looks people up.
//
// It is apart from the bot because losing nothing while connections come and go is a craft of its own, and
// because everything that is known of slack-go's manners is kept in one place.
//
// The way of a slash command:
//
//	Slack → wire (the network connection) → slack-go (frames, pings, parsing) → life → Handle(Envelope)
//	                                                                                      │
//	Slack ← wire ← one frame, written at once on the goroutine that calls Ack ←───────────┘
//
// slack-go would put an acknowledgement into a queue that survives the connection it belongs to, and would close a
// connection the moment Slack asks for a refresh, answered or not. So acknowledgements are written straight to the
// wire, which stays open for them after slack-go has left it.
//
// A session has one socket per connection it keeps. A socket goes from life to life (one slack-go client from start to
// end), a life from wire to wire (one network connection), and all of a session's lives share one pace for
// opening connections.
package slack
