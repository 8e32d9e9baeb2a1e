package config

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strconv"
	"strings"
)

// AppID is a GitHub App's id; 0 is none.
type AppID int64

// Decode is for package envconfig.
func (a *AppID) Decode(value string) error {
	value = strings.TrimSpace(value)
	id, err := strconv.ParseInt(value, 10, 64)
	switch {
	case value == "":
		id = 0
	case err != nil && strings.HasPrefix(value, "Iv"):
		return problem{text: "holds the App's client id (Iv…) in place of its id"}
	case err != nil || id <= 0:
		return problem{text: "is no number above 0"}
	}
	*a = AppID(id)
	return nil
}

// PrivateKey is an RSA key as a PEM block.
type PrivateKey struct{ Secret }

// Decode is for package envconfig. It reads the PEM block as it is, with its line breaks written as \n or lost to spaces, as
// dashboards and shells leave it, or in base64.
func (k *PrivateKey) Decode(value string) error {
	text := strings.TrimSpace(value)
	if text == "" {
		k.Secret = Secret{}
		return nil
	}
	if !strings.HasPrefix(text, pemBegin) {
		plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if text = strings.TrimSpace(string(plain)); err != nil || !strings.HasPrefix(text, pemBegin) {
			return problem{text: "is no PEM file, neither as it is nor in base64"}
		}
	}
	block, _ := pem.Decode([]byte(inLines(text)))
	if err := checkKey(block); err != nil {
		return err
	}
	k.Secret = NewSecret(string(pem.EncodeToMemory(block)))
	return nil
}

const pemBegin = "-----BEGIN "

// inLines gives a PEM block back the line breaks that it cannot do without.
func inLines(text string) string {
	text = strings.NewReplacer(`\r`, "", `\n`, "\n").Replace(text)
	begin, rest, ok := strings.Cut(strings.TrimPrefix(text, pemBegin), "-----")
	body, end, ended := strings.Cut(rest, "-----END ")
	if !ok || !ended {
		return text
	}
	return pemBegin + begin + "-----\n" + strings.TrimSpace(body) + "\n-----END " + end + "\n"
}

// checkKey wants a private key that GitHub made: RSA, and under no password.
func checkKey(block *pem.Block) error {
	switch {
	case block == nil:
		return problem{text: "is a PEM file that is cut short or broken"}
	case strings.Contains(block.Type, "PUBLIC"):
		return problem{text: "holds a public key"}
	case strings.Contains(block.Type, "ENCRYPTED"), len(block.Headers) > 0:
		return problem{text: "holds a key under a password"}
	}
	if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return nil
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if _, ok := key.(*rsa.PrivateKey); ok {
			return nil
		}
	}
	return problem{text: "holds no RSA private key"}
}
