package settings

func productionKeys() []key {
	return []key{{
		name: "production", takes: "`yes` or `no`", preset: "`no`",
		what: "whether this app is the one that visitors use; it is marked in every title",
		read: func(v value, to *App) { v.yes(&to.Production) },
	}}
}
