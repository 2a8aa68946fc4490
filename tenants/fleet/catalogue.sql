-- Everything that PostgreSQL's catalogues hold of the schema alone on the search path, one line a thing. Rows are taken
-- whole, so that a property nobody thought of is in; out are numbers that PostgreSQL gives (oids, attnums) and what
-- changes by use (sizes, ages, flags that only say "may have").

WITH place AS (
    SELECT oid FROM pg_namespace WHERE nspname = %(schema)s
), tables AS (
    SELECT c.* FROM pg_class c JOIN place ON c.relnamespace = place.oid
)

SELECT 'schema: ' || (to_jsonb(n) - '{oid,nspname,nspowner}'::text[] || jsonb_build_object('owner', nspowner::regrole))::text
FROM pg_namespace n JOIN place USING (oid)

UNION ALL
SELECT 'object: ' || o.type || ' ' || o.identity
FROM place JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = place.oid,
LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o

UNION ALL
SELECT 'relation: ' || relname || ' ' || (
    to_jsonb(c) - '{oid,relname,relnamespace,reltype,reloftype,relowner,relam,relfilenode,relpages,reltuples,relallvisible,relallfrozen,reltoastrelid,relhasindex,relhastriggers,relhasrules,relhassubclass,relnatts,relrewrite,relfrozenxid,relminmxid}'::text[]
    || jsonb_build_object(
        'owner', relowner::regrole, 'am', (SELECT amname FROM pg_am a WHERE a.oid = relam), 'toasts', reltoastrelid > 0,
        'view', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
    )
)::text
FROM tables c

UNION ALL
SELECT 'column: ' || c.relname || '.' || attname || ' ' || (
    -- attmissingval: how rows older than the column are kept. A new schema has none.
    to_jsonb(a) - '{attrelid,attname,atttypid,attnum,attcacheoff,attcollation,atthasmissing,attmissingval}'::text[]
    || jsonb_build_object(
        'place', row_number() OVER (PARTITION BY attrelid ORDER BY attnum), 'type', format_type(atttypid, atttypmod),
        'default', pg_get_expr(adbin, adrelid), 'collation', CASE WHEN attcollation > 0 THEN attcollation::regcollation END
    )
)::text
FROM tables c
JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum

UNION ALL
SELECT 'constraint: ' || coalesce(c.relname, '') || '.' || conname || ' ' || (
    to_jsonb(k) - '{oid,conname,connamespace,conrelid,contypid,conindid,conparentid,confrelid,conkey,confkey,conpfeqop,conppeqop,conffeqop,conexclop,conbin,confdelsetcols}'::text[]
    || jsonb_build_object('definition', pg_get_constraintdef(k.oid))
)::text
FROM place JOIN pg_constraint k ON connamespace = place.oid LEFT JOIN pg_class c ON c.oid = conrelid

UNION ALL
SELECT 'index: ' || c.relname || ' ' || (
    to_jsonb(i) - '{indexrelid,indrelid,indkey,indclass,indcollation,indoption,indexprs,indpred,indcheckxmin}'::text[]
    || jsonb_build_object('definition', pg_get_indexdef(indexrelid))
)::text
FROM tables c JOIN pg_index i ON indexrelid = c.oid

UNION ALL
SELECT 'sequence: ' || c.relname || ' ' || (
    to_jsonb(s) - '{seqrelid,seqtypid}'::text[]
    || jsonb_build_object('type', seqtypid::regtype, 'of', (
        SELECT refobjid::regclass || '.' || attname FROM pg_depend
        JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i')
    ))
)::text
FROM tables c JOIN pg_sequence s ON seqrelid = c.oid

UNION ALL
SELECT 'trigger: ' || c.relname || ' ' || (
    to_jsonb(t) - '{oid,tgrelid,tgparentid,tgname,tgfoid,tgconstrrelid,tgconstrindid,tgconstraint,tgattr,tgqual}'::text[]
    || jsonb_build_object(
        'does', tgfoid::regprocedure, 'to', nullif(tgconstrrelid, 0)::regclass, 'by', nullif(tgconstrindid, 0)::regclass,
        'for', (SELECT conname FROM pg_constraint k WHERE k.oid = tgconstraint),
        'definition', CASE WHEN NOT tgisinternal THEN pg_get_triggerdef(t.oid) END
    )
)::text
FROM tables c JOIN pg_trigger t ON tgrelid = c.oid

UNION ALL
SELECT 'routine: ' || p.oid::regprocedure || ' ' || (
    to_jsonb(p) - '{oid,pronamespace,proowner}'::text[] || jsonb_build_object('owner', proowner::regrole)
)::text
FROM place JOIN pg_proc p ON pronamespace = place.oid

UNION ALL
SELECT 'type: ' || typname || ' ' || (
    to_jsonb(t) - '{oid,typname,typnamespace,typowner,typrelid,typelem,typarray,typbasetype,typdefaultbin}'::text[]
    || jsonb_build_object(
        'base', nullif(typbasetype, 0)::regtype,
        'labels', (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
    )
)::text
FROM place JOIN pg_type t ON typnamespace = place.oid

UNION ALL
SELECT 'policy: ' || c.relname || '.' || polname || ' ' || (
    to_jsonb(p) - '{oid,polrelid,polname,polroles}'::text[] || jsonb_build_object(
        'roles', polroles::regrole[], 'using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid)
    ) - '{polqual,polwithcheck}'::text[]
)::text
FROM tables c JOIN pg_policy p ON polrelid = c.oid

UNION ALL
SELECT 'rule: ' || c.relname || '.' || rulename || ' ' || ev_enabled::text || ' ' || pg_get_ruledef(r.oid)
FROM tables c JOIN pg_rewrite r ON ev_class = c.oid

UNION ALL
SELECT 'statistics: ' || stxname || ' ' || coalesce(stxstattarget, -1) || ' ' || pg_get_statisticsobjdef(s.oid)
FROM place JOIN pg_statistic_ext s ON stxnamespace = place.oid

UNION ALL
SELECT 'parent: ' || c.relname || ' ' || inhparent::regclass || ' ' || inhseqno
FROM tables c JOIN pg_inherits ON inhrelid = c.oid

UNION ALL
SELECT 'granted to come: ' || defaclrole::regrole || ' ' || defaclobjtype::text || ' ' || defaclacl::text
FROM place JOIN pg_default_acl ON defaclnamespace = place.oid

UNION ALL
SELECT 'comment: ' || o.type || ' ' || o.identity || ' ' || description
FROM (
    SELECT 'pg_namespace'::regclass AS classoid, oid AS objoid FROM place
    UNION ALL SELECT 'pg_class'::regclass, oid FROM tables
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k JOIN place ON connamespace = place.oid
    UNION ALL SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger t JOIN tables c ON tgrelid = c.oid
    UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p JOIN tables c ON polrelid = c.oid
    UNION ALL SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN place ON pronamespace = place.oid
    UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t JOIN place ON typnamespace = place.oid
) things JOIN pg_description d USING (classoid, objoid), LATERAL pg_identify_object(classoid, objoid, objsubid) o

ORDER BY 1
