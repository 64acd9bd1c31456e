{{/* Labels that every object of the chart carries, and its pods. Takes a list: the context, the name of the component. */}}
{{- define "gitlab.labels" -}}
{{- $top := index . 0 -}}
{{- $name := index . 1 -}}
app: {{ $name }}
chart: {{ $name }}-{{ $top.Chart.Version }}
release: {{ $top.Release.Name }}
heritage: {{ $top.Release.Service }}
{{- end -}}

{{/* An image of the cloud native GitLab: registry, edition and tag as the chart writes them. */}}
{{- define "gitlab.image" -}}
{{- $top := index . 0 -}}
{{- $version := $top.Values.global.gitlabVersion | default $top.Chart.AppVersion -}}
registry.gitlab.com/gitlab-org/build/cng/gitlab-{{ index . 1 }}-{{ $top.Values.global.edition }}:v{{ trimPrefix "v" $version }}
{{- end -}}

{{- define "gitlab.serviceAccount" -}}
{{ (index . 0).Release.Name }}-{{ index . 1 }}
{{- end -}}
