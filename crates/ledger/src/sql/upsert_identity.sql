INSERT INTO identity (
    id, revision, name, kind, state, dormant, compromised, owner, environment, criticality, role,
    verdict, risk, urgency, attested_at, born_at, used_at, updated_at, searched
)
SELECT
    e.value ->> 'id',
    CAST(e.value ->> 'revision' AS BIGINT),
    e.value ->> 'name',
    e.value ->> 'kind',
    e.value ->> 'state',
    CAST(e.value ->> 'dormant' AS BIGINT),
    CAST(e.value ->> 'compromised' AS BIGINT),
    e.value ->> 'owner',
    e.value ->> 'environment',
    CAST(e.value ->> 'criticality' AS BIGINT),
    e.value ->> 'role',
    e.value ->> 'verdict',
    CAST(e.value ->> 'risk' AS BIGINT),
    CAST(e.value ->> 'urgency' AS BIGINT),
    CAST(e.value ->> 'attested_at' AS BIGINT),
    CAST(e.value ->> 'born_at' AS BIGINT),
    CAST(e.value ->> 'used_at' AS BIGINT),
    CAST(e.value ->> 'updated_at' AS BIGINT),
    e.value ->> 'searched'
FROM {rows}
WHERE true
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision,
    name = excluded.name,
    kind = excluded.kind,
    state = excluded.state,
    dormant = excluded.dormant,
    compromised = excluded.compromised,
    owner = excluded.owner,
    environment = excluded.environment,
    criticality = excluded.criticality,
    role = excluded.role,
    verdict = excluded.verdict,
    risk = excluded.risk,
    urgency = excluded.urgency,
    attested_at = excluded.attested_at,
    born_at = excluded.born_at,
    used_at = excluded.used_at,
    updated_at = excluded.updated_at,
    searched = excluded.searched
