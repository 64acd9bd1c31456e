import * as z from 'zod';
import { parseImageReference } from '../image-reference.ts';

/** The single values of `drydock.yaml` that several sections share. */

/**
 * A name that the user gives: of a site, an environment, a registry, a source, a target. It becomes part of ledger
 * keys, roles and execution names (80 characters, of which ours are the rest), hence the narrow form.
 */
export const Name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'a name has 1 to 40 characters of a-z, 0-9 and "-", and starts with a letter or digit',
  );

/** The beginnings and forms by which well-known credentials show themselves. */
const CREDENTIAL =
  /^(glpat-|gldt-|glrt-|glcbt-|glptt-|gloas-|whsec_|ghp_|gho_|ghs_|github_pat_|dckr_pat_|xox[abp]-|AKIA|ASIA|eyJ|(bearer|basic)\s|-----BEGIN)/i;

/** An unbroken run like this is random, and no name that a person gave. */
const RANDOM_RUN = /^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+=_]{24,}$/;

/** Does this text look like a credential itself, rather than like the name of one? */
export const looksLikeSecret = (text: string): boolean =>
  CREDENTIAL.test(text.trim()) || RANDOM_RUN.test(text.trim());

/** Secrets Manager: a name has up to 512 characters of this set. */
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;

/** Where a secret lies, never the secret: the name or the ARN of a secret in AWS Secrets Manager. */
export const SecretReference = z
  .string()
  .refine((text) => !looksLikeSecret(text), {
    abort: true,
    error:
      'looks like a secret itself, and this file holds only references: put the value into AWS Secrets Manager ' +
      'and write the name of that secret here (and replace the value where it is used, it may have been seen)',
  })
  .refine((text) => SECRET_NAME.test(text) || SECRET_ARN.test(text), {
    error: 'must be the name or the ARN of a secret in AWS Secrets Manager, such as "drydock/registry"',
  })
  .meta({
    description: 'Name or ARN of a secret in AWS Secrets Manager. Never the secret itself.',
    examples: ['drydock/registry-hook'],
  });

/** A registry as it stands at the head of image names: a host, with its port when it has one. */
export const RegistryHost = z
  .string()
  .refine((text) => parseImageReference(`${text}/repository`)?.host === text && !text.includes('/'), {
    error:
      'must be the host as it stands in image names, with its port if it has one and without scheme or path, ' +
      'such as "registry.example.com:5050" ("docker.io" for Docker Hub)',
  });

/** An image without tag and digest: `<registry host>/<repository>`. Which tag runs is the policy's decision. */
export const ImageName = z.string().superRefine((text, context) => {
  const message = judgeImageName(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const judgeImageName = (text: string): string | undefined => {
  const reference = parseImageReference(text);
  if (!reference) {
    return 'must be "<registry host>/<repository>" in lower case, such as "registry.example.com/shop/web"';
  }
  if (reference.tag !== undefined || reference.digest !== undefined) {
    return 'must stand without tag and digest: the policy chooses the tag, Drydock pins the digest';
  }
  return reference.name === text ? undefined : `must be written in full: "${reference.name}"`;
};

/** Kubernetes: RFC 1123 label, as names of namespaces and containers are. */
export const KubernetesLabel = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a Kubernetes name: 1 to 63 characters of a-z, 0-9 and "-", beginning and ending with a letter or digit',
  );

/** Kubernetes: RFC 1123 subdomain, as names of workloads are. */
export const KubernetesName = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be a Kubernetes name: up to 253 characters of a-z, 0-9, "-" and "."',
  );
