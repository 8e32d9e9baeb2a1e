package bot

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"slipway/bot/ledger"
)

// metrics counts what an operator asks about. Its labels come from our own lists, never from what people type.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     prometheus.Histogram
	busy     *prometheus.CounterVec
	lost     prometheus.Counter
}

func newMetrics(b *Bot, version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "slipway_requests_total", Help: "Requests worked, by verb and outcome.",
		}, []string{"verb", "outcome"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "slipway_request_seconds", Help: "From a request's arrival to its answer being ready, in seconds.",
			Buckets: []float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25},
		}),
		busy: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "slipway_requests_busy_total", Help: "Requests not worked: the queue was full, or no worker came free in time.",
		}, []string{"why"}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "slipway_answers_lost_total", Help: "Answers that Slack did not take.",
		}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	counter := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(
		m.requests, m.took, m.busy, m.lost,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("slipway_requests_open", "Requests that are not answered yet.", func() float64 { return float64(b.requests()) }),
		gauge("slipway_slack_sockets", "Open Socket Mode connections.", func() float64 { return float64(b.session.Stats().Open) }),
		counter("slipway_slack_connects_total", "Socket Mode connections opened since the start.", func() float64 { return float64(b.session.Stats().Connects) }),
		counter("slipway_slack_bad_frames_total", "Frames that could not be read, acknowledged all the same.", func() float64 { return float64(b.session.Stats().BadFrames) }),
		counter("slipway_slack_acks_failed_total", "Acknowledgements that were not sent.", func() float64 { return float64(b.session.Stats().AcksFailed) }),
		counter("slipway_deliveries_stored_total", "Webhooks stored since the start.", func() float64 { return float64(b.inbox.Stats().Stored) }),
		counter("slipway_deliveries_repeated_total", "Webhooks that had been worked before, or came twice at once.", func() float64 { return float64(b.inbox.Stats().Repeated) }),
		counter("slipway_deliveries_folded_total", "Webhooks folded into the ledger since the start.", func() float64 { return float64(b.inbox.Stats().Folded) }),
		counter("slipway_deliveries_given_up_total", "Webhooks that could not be worked.", func() float64 { return float64(b.inbox.Stats().GivenUp) }),
		counter("slipway_deliveries_refused_total", "Requests to the webhook receivers with a wrong signature, or none.", func() float64 {
			hub, _ := b.inbox.Refused(ledger.GitHub)
			her, _ := b.inbox.Refused(ledger.Heroku)
			return float64(hub + her)
		}),
		gauge("slipway_github_quota_remaining", "GitHub requests left in this hour, as GitHub last said.", func() float64 { return float64(b.clients.GitHub.Quota().Remaining) }),
		gauge("slipway_heroku_tokens_remaining", "Heroku requests left, as Heroku last said; -1 before it has.", func() float64 { return float64(b.clients.Heroku.Tokens()) }),
	)
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "slipway_build_info", Help: "1, labelled with the version."}, []string{"version"})
	info.WithLabelValues(version).Set(1)
	m.registry.MustRegister(info)
	return m
}

func (m *metrics) answered(verb, outcome string, took time.Duration) {
	m.requests.WithLabelValues(verb, outcome).Inc()
	m.took.Observe(took.Seconds())
}

func (m *metrics) refused(why string) { m.busy.WithLabelValues(why).Inc() }

func (m *metrics) lostAnswer() { m.lost.Inc() }

// handler takes webhooks and answers for the process: alive (/healthz), of use (/readyz: connected to Slack and known to it), and measured
// (/metrics).
func (b *Bot) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-b.identity.known:
		default:
			http.Error(w, "Slack has not said yet who we are", http.StatusServiceUnavailable)
			return
		}
		if b.session.Stats().Open == 0 {
			http.Error(w, "no connection to Slack is open", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	})
	mux.Handle("/webhooks/", b.inbox.Handler())
	mux.Handle("GET /metrics", promhttp.HandlerFor(b.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}
