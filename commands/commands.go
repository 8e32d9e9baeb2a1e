package commands

import "slipway/bot"

// All is the one ordered list of what people can type; help prints it, the router searches it, and the manifest is made
// from it.
func All() []bot.Command {
	list := []bot.Command{
		DeployStatus,
		DeployHistory,
		DeployMaintenance,
		DeployRestart,
		DeployBackup,
		DeployRevert,
		Rollback,
		DeployHold,
		DeployUnhold,
		DeployRerun,
		DeployRoutes,
		DeployAudit,
		DeployDoctor,
	}
	return append(list, help(list))
}
