package herokusim

type accountView struct {
	AllowTracking           bool      `json:"allow_tracking"`
	Beta                    bool      `json:"beta"`
	CountryOfResidence      *string   `json:"country_of_residence"`
	CreatedAt               string    `json:"created_at"`
	DefaultOrganization     *identity `json:"default_organization"`
	DefaultTeam             *identity `json:"default_team"`
	DelinquentAt            *string   `json:"delinquent_at"`
	Email                   string    `json:"email"`
	Federated               bool      `json:"federated"`
	ID                      string    `json:"id"`
	IdentityProvider        *identity `json:"identity_provider"`
	LastLogin               *string   `json:"last_login"`
	Name                    *string   `json:"name"`
	SMSNumber               *string   `json:"sms_number"`
	SuspendedAt             *string   `json:"suspended_at"`
	TwoFactorAuthentication bool      `json:"two_factor_authentication"`
	UpdatedAt               string    `json:"updated_at"`
	Verified                bool      `json:"verified"`
}

func (s *Server) showAccount(r *request) (any, error) {
	a := r.account
	return accountView{
		AllowTracking: true, CreatedAt: stamp(a.created), Email: a.email, ID: a.id,
		TwoFactorAuthentication: true, UpdatedAt: stamp(a.created), Verified: true,
	}, nil
}

type rateLimitView struct {
	Remaining int `json:"remaining"`
}

// showRateLimit costs nothing: "`GET /account/rate-limits` -> `{"remaining":N}` is free".
func (s *Server) showRateLimit(r *request) (any, error) {
	return rateLimitView{Remaining: r.account.bucket.left()}, nil
}
