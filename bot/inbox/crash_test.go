package inbox_test

import "context"

func workUntilKilled(ctx context.Context) error { return nil }
