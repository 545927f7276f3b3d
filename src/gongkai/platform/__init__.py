"""The platform: a Django project whose apps are thin over ``gongkai.rules``.

From top to bottom: ``desk`` (screens) > ``reporting`` > ``cases`` > ``ledger`` > ``core``; import-linter
holds it. What may be done is decided in ``gongkai.rules`` and, for people, in ``core.permissions``.
"""
