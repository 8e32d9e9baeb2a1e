// Package djangosim simulates the manage.py of a Django project on a database of its own: showmigrations --plan, migrate and
// migrate --plan (facts/django.md §7). It prints what Django prints and exits as Django exits: a test compares it with Debian's, 3.2. That
// later ones print the same is [unverified].
//
// It has its own reader, and reads the plain Python that makemigrations writes. What it cannot read, and an operation that it does not
// know, it refuses loudly: it never passes over something that a real Django would do.
//
// No Python runs: RunPython and RunSQL are recorded, and change no row.
package djangosim
