package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func TestLookingAtADatabaseChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.db")
	v, err := store.Inspect(t.Context(), store.Options{Path: path})
	if err != nil || v.Version != "" || v.Tables != 0 || v.Newest == 0 {
		t.Errorf("without a file: %+v, %v", v, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it made the file")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err = store.Inspect(t.Context(), store.Options{Path: path})
	if err != nil || v.Version == "" || v.Tables != 0 {
		t.Errorf("an empty file: %+v, %v", v, err)
	}
	if made, err := os.Stat(path); err != nil || made.Size() != 0 {
		t.Errorf("it wrote to the file: %v, %v", made, err)
	}
}

func TestADatabaseInUseIsLookedAtBesideItsOwner(t *testing.T) {
	t.Parallel()
	path := storetest.File(t)
	for _, when := range []string{"closed", "open"} {
		if when == "open" {
			s, err := store.Open(t.Context(), store.Options{Path: path, Unsafe: true})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			own, err := s.Vitals(t.Context())
			if err != nil || own.Version == "" || own.Tables != own.Newest || own.Postgres {
				t.Errorf("its owner sees %+v, %v", own, err)
			}
		}
		v, err := store.Inspect(t.Context(), store.Options{Path: path})
		if err != nil || v.Version == "" || v.Tables != v.Newest {
			t.Errorf("%s: %+v, %v", when, v, err)
		}
		if (v.Holder == os.Getpid()) != (when == "open") {
			t.Errorf("%s: the holder is %d", when, v.Holder)
		}
	}
}
