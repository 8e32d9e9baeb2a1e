package githubsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// mergePull merges: 200, 405 what cannot be merged, 409 when the head is no longer the one that was asked for
// (facts 6.1).
func mergePull(c *call) (any, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	var asked struct {
		Title   string `json:"commit_title"`
		Message string `json:"commit_message"`
		SHA     string
		Method  string `json:"merge_method"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	if asked.Method == "" {
		asked.Method = "merge"
	}
	refused := func(status int, why string) error {
		return &fault{status: status, message: why, doc: "rest/pulls/pulls#merge-a-pull-request"}
	}
	switch {
	case !slices.Contains([]string{"merge", "squash", "rebase"}, asked.Method):
		return nil, refused(http.StatusUnprocessableEntity, "Invalid request.\n\n"+asked.Method+" is not a member of [\"merge\", \"squash\", \"rebase\"].")
	case asked.SHA != "" && asked.SHA != p.HeadSHA:
		return nil, refused(http.StatusConflict, "Head branch was modified. Review and try the merge again.")
	case p.draft:
		return nil, refused(http.StatusMethodNotAllowed, "Pull Request is still a draft")
	}
	commit, err := c.repo.merge(p.Number, asked.Method, c.who.login, wording{asked.Title, asked.Message})
	if err != nil {
		return nil, refused(http.StatusMethodNotAllowed, "Pull Request is not mergeable")
	}
	return reply{status: http.StatusOK, body: object{"sha": commit.sha, "merged": true, "message": "Pull Request successfully merged"}}, nil
}

// wasMerged answers 204 or 404.
func wasMerged(c *call) (any, error) {
	p, err := c.pull()
	if err != nil || !p.Merged {
		return nil, notFound()
	}
	return reply{status: http.StatusNoContent}, nil
}

func deleteBranch(c *call) (any, error) {
	if err := c.repo.deleteBranch(strings.TrimPrefix(c.path("ref"), "heads/"), c.who.login); err != nil {
		return nil, &fault{status: http.StatusUnprocessableEntity, message: "Reference does not exist", doc: "rest/git/refs#delete-a-reference"}
	}
	return reply{status: http.StatusNoContent}, nil
}

// createStatus sets a status: 201, and the event.
func createStatus(c *call) (any, error) {
	var asked struct {
		State, Context, Description string
		TargetURL                   string `json:"target_url"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	invalid := func(why string) error {
		return &fault{
			status: http.StatusUnprocessableEntity, message: "Validation Failed", doc: "rest/commits/statuses#create-a-commit-status",
			errors: []object{{"resource": "Status", "code": "custom", "field": "sha", "message": why}},
		}
	}
	commit := c.repo.git.commits[c.path("sha")]
	if commit == nil {
		return nil, invalid("No commit found for SHA: " + c.path("sha"))
	}
	if len([]rune(asked.Description)) > descriptionMax {
		return nil, invalid("description is too long (maximum is 140 characters)")
	}
	st, err := c.repo.setStatus(Status{
		SHA: commit.sha, State: asked.State, Context: asked.Context, Description: asked.Description, TargetURL: asked.TargetURL,
		By: c.who.login, At: time.Now(),
	})
	if err != nil {
		return nil, invalid("State is not included in the list")
	}
	o := c.repo.simpleStatus(st)
	o["creator"] = c.s.userOrNull(st.By)
	return c.created(o), nil
}

// descriptionMax is the length of a status' description that GitHub takes.
const descriptionMax = 140

// created answers with what was made, and says where it is.
func (c *call) created(o object) reply {
	c.header.Set("Location", o["url"].(string))
	return reply{status: http.StatusCreated, body: o}
}
