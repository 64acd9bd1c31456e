-- Tables in the shape of some of GitLab's: their names, and the columns that a backup, a restore and its checks meet.
-- Two schemas of partitions, an index that needs pg_trgm, one that needs btree_gist, and columns under three keys.

CREATE SCHEMA gitlab_partitions_dynamic;
CREATE SCHEMA gitlab_partitions_static;

CREATE TABLE schema_migrations (version character varying NOT NULL PRIMARY KEY);
CREATE TABLE ar_internal_metadata (
  key character varying NOT NULL PRIMARY KEY,
  value character varying,
  created_at timestamp(6) without time zone NOT NULL,
  updated_at timestamp(6) without time zone NOT NULL
);

CREATE TABLE namespaces (
  id bigserial PRIMARY KEY,
  name character varying NOT NULL,
  path character varying NOT NULL,
  type character varying NOT NULL,
  parent_id bigint,
  traversal_ids bigint[] NOT NULL DEFAULT '{}'
);
CREATE TABLE users (
  id bigserial PRIMARY KEY,
  email character varying NOT NULL UNIQUE,
  username character varying NOT NULL UNIQUE,
  name character varying,
  state character varying NOT NULL DEFAULT 'active',
  created_at timestamp without time zone NOT NULL,
  encrypted_otp_secret character varying,
  encrypted_otp_secret_iv character varying,
  encrypted_otp_secret_salt character varying
);
CREATE TABLE projects (
  id bigserial PRIMARY KEY,
  namespace_id bigint NOT NULL REFERENCES namespaces (id),
  name character varying NOT NULL,
  path character varying NOT NULL,
  repository_storage character varying NOT NULL DEFAULT 'default',
  visibility_level integer NOT NULL DEFAULT 0,
  pending_delete boolean DEFAULT false,
  created_at timestamp without time zone NOT NULL
);
CREATE INDEX index_projects_on_name_trigram ON projects USING gin (name gin_trgm_ops);
CREATE TABLE project_repositories (
  id bigserial PRIMARY KEY,
  project_id bigint NOT NULL UNIQUE REFERENCES projects (id) ON DELETE CASCADE,
  disk_path character varying NOT NULL UNIQUE
);
CREATE TABLE project_statistics (
  id bigserial PRIMARY KEY,
  project_id bigint NOT NULL UNIQUE REFERENCES projects (id) ON DELETE CASCADE,
  commit_count bigint NOT NULL DEFAULT 0,
  repository_size bigint NOT NULL DEFAULT 0
);
CREATE TABLE issues (
  id bigserial PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  author_id bigint REFERENCES users (id) ON DELETE SET NULL,
  iid integer NOT NULL,
  title character varying NOT NULL,
  description text,
  created_at timestamp without time zone NOT NULL,
  UNIQUE (project_id, iid)
);
CREATE TABLE iterations_cadences_spans (
  id bigserial PRIMARY KEY,
  group_id bigint NOT NULL REFERENCES namespaces (id),
  span daterange NOT NULL,
  EXCLUDE USING gist (group_id WITH =, span WITH &&)
);

CREATE TABLE p_ci_builds (
  id bigint NOT NULL,
  partition_id bigint NOT NULL,
  project_id bigint NOT NULL,
  name character varying,
  status character varying,
  created_at timestamp without time zone,
  PRIMARY KEY (id, partition_id)
) PARTITION BY LIST (partition_id);
CREATE TABLE ci_builds PARTITION OF p_ci_builds FOR VALUES IN (100);
CREATE TABLE gitlab_partitions_dynamic.ci_builds_101 PARTITION OF p_ci_builds FOR VALUES IN (101);

CREATE TABLE ci_variables (
  id bigserial PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  key character varying NOT NULL,
  encrypted_value text,
  encrypted_value_iv character varying
);
CREATE TABLE cloud_connector_keys (
  id bigserial PRIMARY KEY,
  created_at timestamp without time zone NOT NULL,
  secret_key jsonb
);
CREATE TABLE lfs_objects (
  id bigserial PRIMARY KEY,
  oid character varying NOT NULL UNIQUE,
  size bigint NOT NULL,
  file_store integer NOT NULL DEFAULT 2
);
CREATE TABLE uploads (
  id bigserial PRIMARY KEY,
  path character varying NOT NULL,
  size bigint NOT NULL,
  checksum character varying,
  store integer NOT NULL DEFAULT 2
);
