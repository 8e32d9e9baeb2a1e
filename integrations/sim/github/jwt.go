package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// jwtTime is how long an App's own token may live at most: facts 4, "`exp` <= 10 min".
const jwtTime = 10 * time.Minute

// appOf finds the App that signed a JWT: facts 6.2, "checks the JWT's RS256 signature, iss, iat, exp".
func (s *Server) appOf(token string) (*app, error) {
	refused := func(why string) error {
		return &fault{status: http.StatusUnauthorized, message: why, doc: "rest"}
	}
	undecoded := refused("A JSON web token could not be decoded")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, undecoded
	}
	var head struct{ Alg string }
	var claims struct {
		Iss      any
		Iat, Exp *float64
	}
	sum, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !decodePart(parts[0], &head) || !decodePart(parts[1], &claims) || head.Alg != "RS256" {
		return nil, undecoded
	}
	a := s.appBy(claims.Iss)
	if a == nil {
		return nil, refused("'Issuer' claim ('iss') must be an Integer")
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if a.Key == nil || rsa.VerifyPKCS1v15(a.Key, crypto.SHA256, digest[:], sum) != nil {
		return nil, undecoded
	}
	now := time.Now()
	switch {
	case claims.Iat == nil || time.Unix(int64(*claims.Iat), 0).After(now):
		return nil, refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	case claims.Exp == nil || !time.Unix(int64(*claims.Exp), 0).After(now):
		return nil, refused("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case time.Unix(int64(*claims.Exp), 0).Sub(now) > jwtTime:
		return nil, refused("'Expiration time' claim ('exp') is too far in the future")
	}
	return a, nil
}

func decodePart(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

// appBy finds an App by the issuer of its JWT: the id, as a number or a text.
func (s *Server) appBy(iss any) *app {
	for _, a := range s.apps {
		switch iss := iss.(type) {
		case float64:
			if int64(iss) == a.ID {
				return a
			}
		case string:
			if iss == formatID(a.ID) {
				return a
			}
		}
	}
	return nil
}
