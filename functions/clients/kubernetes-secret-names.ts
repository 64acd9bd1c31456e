import * as z from 'zod';

/** Which Secrets a pod reads: those of its volumes, and those in the environment of its containers. */

const Named = z.object({ name: z.string() });
const listOf = <S extends z.ZodType>(item: S) => z.array(item).nullish();

const Container = z.object({
  env: listOf(z.object({ valueFrom: z.object({ secretKeyRef: Named.nullish() }).nullish() })),
  envFrom: listOf(z.object({ secretRef: Named.nullish() })),
});

const PodSpec = z.object({
  containers: listOf(Container),
  initContainers: listOf(Container),
  volumes: listOf(
    z.object({
      secret: z.object({ secretName: z.string().nullish() }).nullish(),
      projected: z.object({ sources: listOf(z.object({ secret: Named.nullish() })) }).nullish(),
    }),
  ),
});

/** @param spec of a pod template, as the API server writes it. */
export const findSecretNames = (spec: unknown): readonly string[] => {
  const { containers, initContainers, volumes } = PodSpec.parse(spec ?? {});
  const names = [
    ...[...(containers ?? []), ...(initContainers ?? [])].flatMap(({ env, envFrom }) => [
      ...(env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...(envFrom ?? []).map(({ secretRef }) => secretRef?.name),
    ]),
    ...(volumes ?? []).flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
    ]),
  ];
  return [...new Set(names.flatMap((name) => name ?? []))];
};
