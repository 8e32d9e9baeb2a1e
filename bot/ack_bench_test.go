package bot_test

import (
	"slices"
	"testing"
	"time"
)

// What is promised of acknowledging, and how it is measured. See docs/performance.md.
const (
	benchRounds   = 5
	benchCommands = 2000 // in each round
	mostVoid      = 20
	benchBatch    = 100 // for one responder, then for the other, so that both meet the same machine
	mostRatio     = 1.5 // of our p99 to a bare slack-go's
	mostResident  = 40  // MB, after the commands
	mostToHello   = 300 * time.Millisecond
)

// BenchmarkAck sends 2,000 slash commands to the whole bot, which answers them, and to a session alone, and as many to a
// bare slack-go responder beside each: every one in a process of its own and over real sockets, with a disconnect frame in
// the middle; and that seven times, with new processes.
func BenchmarkAck(b *testing.B) {
	for _, ours := range []responder{whole, session} {
		b.Run(ours.name+"/OneAtATime", func(b *testing.B) { compare(b, ours, 1) })
		b.Run(ours.name+"/50AtOnce", func(b *testing.B) { compare(b, ours, 50) })
	}
}

func compare(b *testing.B, ours responder, atOnce int) {
	var us, them measured
	void := 0
	for b.Loop() {
		for done := 0; done < benchRounds; {
			if round(b, ours, atOnce, &us, &them) {
				done++
			} else if void++; void > mostVoid {
				b.Fatalf("%d rounds were void: the machine is too busy to measure anything", void)
			}
		}
	}
	b.ReportMetric(float64(void), "void-rounds")
	us.report(b, ours.name)
	them.report(b, bare.name)
	ratio := ratioOf(us, them)
	b.ReportMetric(ratio, "p99-ratio")
	b.ReportMetric(0, "ns/op") // says nothing here
	us.judge(b, ratio)
}

// round measures both responders once. It is false, and counts for nothing, if the machine stood still meanwhile.
func round(b *testing.B, ours responder, atOnce int, us, them *measured) bool {
	b.Helper()
	a, z := newBench(b, ours), newBench(b, bare)
	a.warmUp(atOnce)
	z.warmUp(atOnce)
	here := watchStalls()
	refresh := (benchCommands + benchBatch) / 2 // in the middle of a batch
	for sent := 0; sent < benchCommands; sent += benchBatch {
		for _, bench := range []*bench{a, z} {
			bench.send(benchBatch, atOnce, func(i int) {
				if sent+i == refresh {
					bench.sim.Disconnect(0, "refresh_requested")
				}
			})
		}
	}
	mine, theirs := a.result(), z.result()
	if stalled := max(here.stop(), a.close(), z.close()); stalled > mostStall {
		b.Logf("a round is void: the machine stood still for %v", stalled)
		if mine.unacked > 0 && stalled < time.Second { // less than that makes nobody 3 s late
			b.Errorf("%d commands were not acknowledged in it", mine.unacked)
		}
		return false
	}
	us.rounds = append(us.rounds, mine)
	them.rounds = append(them.rounds, theirs)
	return true
}

// measured is what became of the commands of one responder, round by round.
type measured struct{ rounds []result }

// result is what became of those of one round.
type result struct {
	acks        []time.Duration // sorted; from sending to the ack, as Slack sees it
	elsewhere   int             // acks, among those, on another socket than the command
	unacked     int
	undelivered int // sent while no socket was open; a bare responder has just one
	faults      []string
	toHello     time.Duration // from the start of the process to the first hello
	resident    float64       // MB after the commands; 0: not known
}

func (r result) quantile(q float64) time.Duration {
	return r.acks[min(int(q*float64(len(r.acks))), len(r.acks)-1)]
}

// median gives the median round's.
func (m measured) median(f func(result) float64) float64 {
	return median(m.rounds, f)
}

func median[T any](list []T, f func(T) float64) float64 {
	values := make([]float64, len(list))
	for i, x := range list {
		values[i] = f(x)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (m measured) sum(f func(result) int) (n int) {
	for _, r := range m.rounds {
		n += f(r)
	}
	return n
}

func (m measured) most(f func(result) float64) (most float64) {
	for _, r := range m.rounds {
		most = max(most, f(r))
	}
	return most
}

// ratioOf gives the median of the rounds' ratios.
func ratioOf(us, them measured) float64 {
	pairs := make([][2]result, len(us.rounds))
	for i := range pairs {
		pairs[i] = [2]result{us.rounds[i], them.rounds[i]}
	}
	return median(pairs, func(p [2]result) float64 {
		return float64(p[0].quantile(0.99)) / float64(p[1].quantile(0.99))
	})
}

func (m measured) report(b *testing.B, name string) {
	quantile := func(q float64) float64 {
		return m.median(func(r result) float64 { return float64(r.quantile(q).Nanoseconds()) / 1000 })
	}
	b.ReportMetric(quantile(0.50), name+"-p50-µs")
	b.ReportMetric(quantile(0.99), name+"-p99-µs")
	b.ReportMetric(float64(m.sum(func(r result) int { return r.unacked })), name+"-unacked")
	b.ReportMetric(float64(m.sum(func(r result) int { return r.undelivered })), name+"-undelivered")
	b.ReportMetric(float64(m.sum(func(r result) int { return r.elsewhere })), name+"-elsewhere")
	b.ReportMetric(m.most(func(r result) float64 { return float64(r.toHello.Milliseconds()) }), name+"-hello-ms")
	if rss := m.most(func(r result) float64 { return r.resident }); rss > 0 {
		b.ReportMetric(rss, name+"-rss-MB")
		return
	}
	b.Logf("resident memory of %s: n/a", name)
}

// judge holds the session to what is promised.
func (m measured) judge(b *testing.B, ratio float64) {
	for _, r := range m.rounds {
		for _, f := range r.faults {
			b.Errorf("fault: %s", f)
		}
	}
	unacked, undelivered := m.sum(func(r result) int { return r.unacked }), m.sum(func(r result) int { return r.undelivered })
	if unacked > 0 || undelivered > 0 {
		b.Errorf("%d commands were not acknowledged, %d not delivered", unacked, undelivered)
	}
	if ratio > mostRatio {
		b.Errorf("p99 is %.2f times that of a bare responder, more than %.1f", ratio, mostRatio)
	}
	if rss := m.most(func(r result) float64 { return r.resident }); rss > mostResident {
		b.Errorf("resident memory is %.1f MB, more than %d", rss, mostResident)
	}
	if d := time.Duration(m.most(func(r result) float64 { return float64(r.toHello) })); d > mostToHello {
		b.Errorf("the first hello came after %v, more than %v", d, mostToHello)
	}
}
