// The differences between what the simulator says and what GitHub's descriptions say that are meant, each with its reason.
// One that is no longer met fails the check.
export interface Difference {
  of: RegExp; // what was judged: "GET /repos/{owner}/{repo} 200", "webhook push"
  at: RegExp; // what was found: "/workflow_run/actor must be object"
  because: string;
}

export const differences: Difference[] = [
  {
    of: / (405|409|422)$/,
    at: /^\/status is not in the schema/,
    because: "GitHub writes the status into the body of every refusal; only some descriptions of refusals have it",
  },
  {
    of: /^GET .*\/pulls\/\{pull_number\}\/merge 404$/,
    at: /^no body is described/,
    because: "the body is that of every 404; this one's description has none",
  },
  {
    of: /^webhook workflow_run in_progress$/,
    at: /\/(display_title|user_view_type) is not in the schema$/,
    because: "this action's description is older than those of requested and completed, which have the fields",
  },
  {
    of: /^webhook status$/,
    at: /^\/commit\/(author|committer)\/user_view_type is not in the schema$/,
    because: "this event's description of a person is older than all others",
  },
  {
    of: /^webhook pull_request (opened|closed)$/,
    at: /^\/pull_request\/(base|head)\/repo\/custom_properties is not in the schema$/,
    because: "GitHub's own example payloads have the field there; the description has it only in the repository beside",
  },
  {
    of: /^GET \/app\/installations 200$/,
    at: /^\/\*\/account(\/user_view_type is not in the schema| must have required property '(name|slug|created_at|updated_at)')/,
    because: "this list's description wants an account to be a user and an enterprise at once; that of one installation has either",
  },
];
