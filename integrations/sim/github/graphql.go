package githubsim

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// graphQL answers the one mutation that has no REST endpoint, revertPullRequest (facts 6.3). Its errors come with
// HTTP 200 [unverified]. Any other document is an error that says that it is not simulated.
func graphQL(c *call) (any, error) {
	c.header.Set("X-GitHub-Media-Type", "github.v4; format=json")
	if c.who.login == "" {
		return nil, &fault{status: http.StatusUnauthorized, message: "This endpoint requires you to be authenticated.", doc: "graphql/guides/forming-calls-with-graphql#authenticating-with-graphql"}
	}
	var asked struct {
		Query     string
		Variables object
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	if !revertDocument.MatchString(asked.Query) || strings.Count(asked.Query, "revertPullRequest(") != 1 {
		return reply{status: http.StatusOK, body: graphError("NOT_SIMULATED", "not simulated: only the mutation revertPullRequest is", nil)}, nil
	}
	input, ok := c.revertInput(asked.Query, asked.Variables)
	if !ok {
		return reply{status: http.StatusOK, body: graphError("NOT_SIMULATED", "not simulated: give the input of revertPullRequest as one variable", nil)}, nil
	}
	return reply{status: http.StatusOK, body: c.revert(input)}, nil
}

var (
	revertDocument = regexp.MustCompile(`^\s*mutation\b[^{]*\{\s*revertPullRequest\(`)
	inputVariable  = regexp.MustCompile(`revertPullRequest\(\s*input:\s*\$(\w+)\s*\)`)
	inputFields    = regexp.MustCompile(`revertPullRequest\(\s*input:\s*\{([^}]*)\}`)
	inputField     = regexp.MustCompile(`(\w+):\s*(\$\w+|"[^"]*"|true|false)`)
)

// revertInput reads the input: a variable, or an object of variables and plain values.
func (c *call) revertInput(query string, variables object) (object, bool) {
	if m := inputVariable.FindStringSubmatch(query); m != nil {
		input, ok := variables[m[1]].(object)
		return input, ok
	}
	m := inputFields.FindStringSubmatch(query)
	if m == nil {
		return nil, false
	}
	input := object{}
	for _, f := range inputField.FindAllStringSubmatch(m[1], -1) {
		switch value := f[2]; {
		case value[0] == '$':
			input[f[1]] = variables[value[1:]]
		case value[0] == '"':
			input[f[1]] = strings.Trim(value, `"`)
		default:
			input[f[1]] = value == "true"
		}
	}
	return input, true
}

// revert does the mutation. A node that the caller may not read is not there.
func (c *call) revert(input object) object {
	id, _ := input["pullRequestId"].(string)
	path := []string{"revertPullRequest"}
	r, p := c.node(id)
	if p == nil || !c.who.mayRead(r) {
		return graphError("NOT_FOUND", "Could not resolve to a node with the global id of '"+id+"'", path)
	}
	if err := c.who.allows("contents=write,pull_requests=write"); err != nil {
		return graphError("FORBIDDEN", err.(*fault).message, path)
	}
	workflows := slices.ContainsFunc(r.filesOf(p), func(ch change) bool { return strings.HasPrefix(ch.path, ".github/workflows/") })
	if workflows && c.who.allows("workflows=write") != nil { // facts 4
		return graphError("FORBIDDEN", "refusing to allow this token to create or update workflow files without `workflows` permission", path)
	}
	title, _ := input["title"].(string)
	body, _ := input["body"].(string)
	draft, _ := input["draft"].(bool)
	made, err := r.revert(p, title, body, draft, c.who.login)
	if err != nil {
		return graphError("UNPROCESSABLE", err.Error(), path)
	}
	return object{"data": object{"revertPullRequest": object{
		"clientMutationId": input["clientMutationId"], "pullRequest": r.graphPull(p), "revertPullRequest": r.graphPull(made),
	}}}
}

// node finds a pull request by its node id.
func (c *call) node(id string) (*Repo, *pull) {
	for _, full := range sortedKeys(c.s.repos) {
		r := c.s.repos[full]
		pulls := r.sortedPulls()
		if i := slices.IndexFunc(pulls, func(p *pull) bool { return nodeID("PR", r.id, p.id) == id }); i >= 0 {
			return r, pulls[i]
		}
	}
	return nil, nil
}

// graphPull has the scalar fields of a pull request that a document may ask for; what it did not ask for is sent too.
func (r *Repo) graphPull(p *pull) object {
	state := map[bool]string{true: "MERGED", false: strings.ToUpper(p.State)}[p.Merged]
	return object{
		"__typename": "PullRequest", "id": nodeID("PR", r.id, p.id), "databaseId": p.id, "number": p.Number, "title": p.Title, "body": p.body,
		"url": r.html("/pull/%d", p.Number), "state": state, "merged": p.Merged, "isDraft": p.draft, "headRefName": p.Head, "headRefOid": p.HeadSHA,
		"baseRefName": p.Base, "createdAt": stamp(p.CreatedAt), "updatedAt": stamp(p.UpdatedAt), "mergedAt": stamp(p.MergedAt),
		"author": object{"__typename": "User", "login": p.Author},
	}
}

func graphError(kind, message string, path []string) object {
	e := object{"type": kind, "message": message}
	if path == nil {
		return object{"errors": []object{e}}
	}
	e["path"], e["locations"] = path, []object{{"line": 1, "column": 1}}
	return object{"data": object{path[0]: nil}, "errors": []object{e}}
}
