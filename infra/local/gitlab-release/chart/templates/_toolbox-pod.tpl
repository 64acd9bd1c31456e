{{/* What a pod of the toolbox and a pod of its backup have in common: secrets copied into memory, settings, buckets. */}}
{{- define "gitlab.toolbox.initContainers" -}}
- name: configure
  image: {{ include "gitlab.image" (list . "base") }}
  command: ['/bin/bash']
  args: ['-c', 'cp -r -L /init-config/. /init-secrets/']
  resources: { requests: { cpu: 50m } }
  volumeMounts:
    - { name: init-toolbox-secrets, mountPath: /init-config, readOnly: true }
    - { name: toolbox-secrets, mountPath: /init-secrets }
{{- end -}}

{{- define "gitlab.toolbox.env" -}}
{{- $config := .Values.global.appConfig -}}
- { name: ARTIFACTS_BUCKET_NAME, value: {{ $config.artifacts.bucket | quote }} }
- { name: LFS_BUCKET_NAME, value: {{ $config.lfs.bucket | quote }} }
- { name: UPLOADS_BUCKET_NAME, value: {{ $config.uploads.bucket | quote }} }
- { name: PACKAGES_BUCKET_NAME, value: {{ $config.packages.bucket | quote }} }
- { name: EXTERNAL_DIFFS_BUCKET_NAME, value: {{ $config.externalDiffs.bucket | quote }} }
- { name: TERRAFORM_STATE_BUCKET_NAME, value: {{ $config.terraformState.bucket | quote }} }
- { name: CI_SECURE_FILES_BUCKET_NAME, value: {{ $config.ciSecureFiles.bucket | quote }} }
- { name: PAGES_BUCKET_NAME, value: {{ .Values.global.pages.objectStore.bucket | quote }} }
- { name: REGISTRY_BUCKET_NAME, value: {{ .Values.global.registry.bucket | quote }} }
- { name: BACKUP_BUCKET_NAME, value: {{ $config.backups.bucket | quote }} }
- { name: TMP_BUCKET_NAME, value: {{ $config.backups.tmpBucket | quote }} }
- { name: BACKUP_BACKEND, value: {{ .Values.gitlab.toolbox.backups.objectStorage.backend | quote }} }
- { name: CONFIG_TEMPLATE_DIRECTORY, value: /var/opt/gitlab/templates }
{{- end -}}

{{- define "gitlab.toolbox.volumeMounts" -}}
- { name: toolbox-config, mountPath: /var/opt/gitlab/templates }
- { name: toolbox-secrets, mountPath: /etc/gitlab, readOnly: true }
- { name: toolbox-tmp, mountPath: /srv/gitlab/tmp }
{{- end -}}

{{/* Takes a list: the context, and the persistence of this pod, of the values. */}}
{{- define "gitlab.toolbox.scratch" -}}
{{- $disk := index . 1 -}}
- name: toolbox-tmp
{{- if not $disk.enabled }}
  emptyDir: {}
{{- else if $disk.useGenericEphemeralVolume }}
  ephemeral:
    volumeClaimTemplate:
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: {{ $disk.storageClass }}
        resources: { requests: { storage: {{ $disk.size }} } }
{{- else }}
  persistentVolumeClaim: { claimName: {{ (index . 0).Release.Name }}-toolbox-tmp }
{{- end }}
{{- end -}}

{{- define "gitlab.toolbox.volumes" -}}
- name: toolbox-config
  configMap: { name: {{ .Release.Name }}-toolbox }
- name: toolbox-secrets
  emptyDir: { medium: Memory }
- name: init-toolbox-secrets
  projected:
    defaultMode: 0400
    sources:
      - secret:
          name: {{ .Release.Name }}-rails-secret
          items: [{ key: secrets.yml, path: rails-secrets/secrets.yml }]
      - secret:
          name: {{ .Release.Name }}-gitlab-shell-secret
          items: [{ key: secret, path: shell/.gitlab_shell_secret }]
      - secret:
          name: {{ .Release.Name }}-gitaly-secret
          items: [{ key: token, path: gitaly/gitaly_token }]
      - secret:
          name: {{ .Release.Name }}-registry-secret
          items: [{ key: registry-auth.key, path: registry/gitlab-registry.key }]
      - secret:
          name: {{ .Values.global.psql.password.secret }}
          items: [{ key: {{ .Values.global.psql.password.key }}, path: postgres/psql-password-main }]
      - secret:
          name: {{ .Values.global.appConfig.object_store.connection.secret }}
          items: [{ key: connection, path: objectstorage/object_store }]
      - secret:
          name: {{ .Values.gitlab.toolbox.backups.objectStorage.config.secret }}
          items: [{ key: {{ .Values.gitlab.toolbox.backups.objectStorage.config.key }}, path: .s3cfg }]
{{- end -}}
