package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
)

// Secret is a value that is shown nowhere by accident: printing, logging and encoding it give "[secret]".
type Secret struct {
	value *string // a pointer, because fmt prints the fields of what is inside an unexported field
}

// NewSecret hides a value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal gives the value. Call it only where the value is handed to the far end that it is for.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero tells whether there is no value.
func (s Secret) IsZero() bool { return s.value == nil }

func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return "[secret]"
}

// Format shows the same under every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is for log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is for encoders, JSON's among them.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Decode is for package envconfig.
func (s *Secret) Decode(value string) error {
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r > unicode.MaxASCII }) {
		return problem{"has a space, a line break or a character that is in no token", "Copy it again, whole and alone."}
	}
	*s = NewSecret(value)
	return nil
}

// Secrets are several values for one purpose, comma-separated: while a secret is changed, deliveries come signed with the
// old one and with the new one. None means that there is no secret at all.
type Secrets []Secret

// Decode is for package envconfig. An empty one among them is a fault: whoever knows it, which is everybody, could sign.
func (s *Secrets) Decode(value string) error {
	*s = nil
	if strings.TrimSpace(value) == "" {
		return nil
	}
	for part := range strings.SplitSeq(value, ",") {
		var one Secret
		if err := one.Decode(part); err != nil {
			return err
		}
		if one.IsZero() {
			return problem{"holds an empty secret", "Take the comma away that has nothing before or behind it."}
		}
		*s = append(*s, one)
	}
	return nil
}

// First is the newest of them, with which new webhooks are made; the zero Secret if there is none.
func (s Secrets) First() Secret {
	if len(s) == 0 {
		return Secret{}
	}
	return s[0]
}

// Keys gives their values. Call it only where deliveries are checked.
func (s Secrets) Keys() [][]byte {
	keys := make([][]byte, len(s))
	for i, one := range s {
		keys[i] = []byte(one.Reveal())
	}
	return keys
}
