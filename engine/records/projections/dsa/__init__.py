"""Statements of reasons for the DSA Transparency Database of the European Union.

Article 17 of the Digital Services Act (Regulation (EU) 2022/2065) has platforms tell whom they
restrict why; Article 24(5) has them send these statements, without personal data, to a database of
the Commission. What stands here follows version 2 of its API, in force since 1 July 2025, as the
documentation and the published source of the database describe it.

    draft(decision, restriction, settings, known)   what a decision says as a statement, by field
    mistakes(fields)                                where that does not fit the rules of the API
"""
