package herokusim

// What Heroku has and this simulator has not answers 501, so that a client that comes to need it is noticed. These are
// the first parts of such paths, from the schemas of the Platform API and the routes of the Data API and the scheduler.
var topLevel = []string{
	"account", "actions", "addon-attachments", "addon-region-capabilities", "addon-services", "addons", "app-setups",
	"client", "data", "dyno-sizes", "enterprise-accounts", "filters", "generations", "identity-providers", "oauth",
	"password-resets", "pipeline-couplings", "pipeline-promotions", "pipeline-transfers", "pipelines", "plans",
	"postgres", "regions", "resource", "review-apps", "sources", "spaces", "stacks", "teams", "telemetry-drains",
	"test-runs", "users",
}

// belowApp is what follows /apps/{app}/.
var belowApp = []string{
	"acm", "addon-attachments", "addons", "available-dyno-sizes", "available-stacks", "build-cache", "build-metadata",
	"buildpack-installations", "builds", "collaborators", "config-vars", "config-vars-settings", "domains", "dynos",
	"features", "formation", "formations", "jobs", "log-drains", "log-sessions", "oci-images", "pipeline-couplings",
	"pre-authorizations", "releases", "review-app", "slugs", "sni-endpoints", "sources", "telemetry-drains",
	"webhook-deliveries", "webhook-events", "webhooks",
}
