package slacksim

import "strings"

// Sizes of facts/slack.md, "Size limits", in characters unless said otherwise.
const (
	messageBlocks  = 50 // blocks
	viewBlocks     = 100
	viewBytes      = 250_000
	blocksChars    = 13_200 // over all blocks of a message
	sectionChars   = 3000
	fieldCount     = 10
	fieldChars     = 2000
	headerChars    = 150
	contextCount   = 10
	actionsCount   = 25
	imageChars     = 2000
	idChars        = 255
	tableRows      = 100
	tableColumns   = 20
	markdownChars  = 12_000 // over all markdown blocks of a message
	buttonChars    = 75
	buttonValue    = 2000
	urlChars       = 3000
	optionCount    = 100
	optionChars    = 75
	fewOptions     = 10 // checkboxes and radio buttons
	inputChars     = 3000
	labelChars     = 2000
	confirmTitle   = 100
	confirmText    = 300
	confirmButton  = 30
	titleChars     = 24 // of a modal, its submit and its close
	privateChars   = 3000
	maxAttachments = 100 // attachments
)

// shape is what an object of Block Kit may and must have beside its type.
type shape struct {
	must, may string // names, separated by spaces
}

func (s shape) allows(name string) bool {
	return name == "type" || strings.Contains(" "+s.must+" "+s.may+" ", " "+name+" ")
}

// blockShapes are the blocks that are checked.
var blockShapes = map[string]shape{
	"section":   {"", "block_id text fields accessory expand"},
	"header":    {"text", "block_id level"},
	"divider":   {"", "block_id"},
	"image":     {"alt_text", "block_id image_url slack_file title"},
	"context":   {"elements", "block_id"},
	"actions":   {"elements", "block_id"},
	"input":     {"label element", "block_id dispatch_action hint optional"},
	"rich_text": {"elements", "block_id"},
	"markdown":  {"text", "block_id"},
	"table":     {"rows", "block_id column_settings"},
	"task_card": {"task_id title", "block_id status details output sources"},
	"plan":      {"title", "block_id tasks"},
	"alert":     {"text", "block_id level"},
}

// uncheckedBlocks exist in Slack and are taken as they are.
var uncheckedBlocks = map[string]bool{
	"file": true, "video": true, "context_actions": true, "data_table": true, "data_visualization": true,
	"card": true, "carousel": true, "container": true, "layout": true, "call": true,
}

// elementShapes are the interactive elements.
var elementShapes = map[string]shape{
	"button":                     {"text", "action_id url value style confirm accessibility_label"},
	"checkboxes":                 {"options", "action_id initial_options confirm focus_on_load"},
	"radio_buttons":              {"options", "action_id initial_option confirm focus_on_load"},
	"overflow":                   {"options", "action_id confirm"},
	"static_select":              {"", "action_id placeholder options option_groups initial_option confirm focus_on_load"},
	"multi_static_select":        {"", "action_id placeholder options option_groups initial_options confirm max_selected_items focus_on_load"},
	"external_select":            {"", "action_id placeholder initial_option min_query_length confirm focus_on_load"},
	"multi_external_select":      {"", "action_id placeholder initial_options min_query_length confirm max_selected_items focus_on_load"},
	"users_select":               {"", "action_id placeholder initial_user confirm focus_on_load"},
	"multi_users_select":         {"", "action_id placeholder initial_users confirm max_selected_items focus_on_load"},
	"conversations_select":       {"", "action_id placeholder initial_conversation default_to_current_conversation confirm response_url_enabled filter focus_on_load"},
	"multi_conversations_select": {"", "action_id placeholder initial_conversations default_to_current_conversation confirm max_selected_items filter focus_on_load"},
	"channels_select":            {"", "action_id placeholder initial_channel confirm response_url_enabled focus_on_load"},
	"multi_channels_select":      {"", "action_id placeholder initial_channels confirm max_selected_items focus_on_load"},
	"datepicker":                 {"", "action_id placeholder initial_date confirm focus_on_load"},
	"timepicker":                 {"", "action_id placeholder initial_time confirm focus_on_load timezone"},
	"datetimepicker":             {"", "action_id initial_date_time confirm focus_on_load"},
	"plain_text_input":           {"", "action_id placeholder initial_value multiline min_length max_length dispatch_action_config focus_on_load"},
	"email_text_input":           {"", "action_id placeholder initial_value dispatch_action_config focus_on_load"},
	"url_text_input":             {"", "action_id placeholder initial_value dispatch_action_config focus_on_load"},
	"number_input":               {"is_decimal_allowed", "action_id placeholder initial_value min_value max_value dispatch_action_config focus_on_load"},
	"rich_text_input":            {"", "action_id placeholder initial_value dispatch_action_config focus_on_load"},
	"file_input":                 {"", "action_id filetypes max_files"},
	"workflow_button":            {"text workflow", "action_id style accessibility_label"},
}

// onlyInputs stand in input blocks and nowhere else.
var onlyInputs = map[string]bool{
	"plain_text_input": true, "email_text_input": true, "url_text_input": true, "number_input": true,
	"rich_text_input": true, "file_input": true,
}

// notInputs never stand in input blocks.
var notInputs = map[string]bool{"button": true, "overflow": true, "workflow_button": true}

var (
	modalShape  = shape{"title blocks", "close submit private_metadata callback_id clear_on_close notify_on_close external_id submit_disabled"}
	homeShape   = shape{"blocks", "private_metadata callback_id external_id title close submit clear_on_close notify_on_close submit_disabled"}
	optionShape = shape{"text value", "description url"}
	confirmable = shape{"title text", "confirm deny style"}
)
