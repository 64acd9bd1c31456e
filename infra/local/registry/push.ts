import { gzipSync } from 'node:zlib';

import {
  type Descriptor,
  digestOf,
  IMAGE_INDEX,
  IMAGE_MANIFEST,
  type PushTarget,
  pullManifest,
  pushBlob,
  pushManifest,
} from './distribution-client.ts';
import { packTar } from './tar.ts';

export interface PushImage {
  readonly registry: PushTarget;
  /** Without the registry's host: `shop/web`. */
  readonly repository: string;
  readonly tag: string;
  /** The image's labels, in its configuration. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Makes this image differ from another; the same content has the same digest. */
  readonly content?: string;
}

/** Pushes a small image with one layer, as a build would: layer, configuration, manifest, tag. */
export const pushImage = async (options: PushImage): Promise<{ digest: string }> => {
  const { digest } = await pushPlatform(options, 'amd64', options.tag);
  return { digest };
};

/** Pushes an image for several architectures under one tag; each also by its own digest. */
export const pushIndex = async (
  options: PushImage & { readonly architectures?: readonly string[] },
): Promise<{ digest: string; platforms: readonly { architecture: string; digest: string }[] }> => {
  const { registry, repository, tag, architectures = ['amd64', 'arm64'] } = options;
  const manifests: (Descriptor & { platform: { architecture: string; os: string } })[] = [];
  for (const architecture of architectures) {
    const manifest = await pushPlatform(options, architecture, undefined);
    manifests.push({ ...manifest, platform: { architecture, os: 'linux' } });
  }
  const index = encode({ schemaVersion: 2, mediaType: IMAGE_INDEX, manifests });
  const { digest } = await pushManifest(registry, repository, tag, index, IMAGE_INDEX);
  const platforms = manifests.map(({ digest, platform }) => ({
    architecture: platform.architecture,
    digest,
  }));
  return { digest, platforms };
};

export interface PushChart {
  readonly registry: PushTarget;
  readonly repository: string;
  /** The chart's version, which is its tag too. */
  readonly version: string;
}

const CHART_CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** Pushes a Helm chart, an artifact that no pod can run: https://helm.sh/docs/topics/registries/ */
export const pushChart = async ({
  registry,
  repository,
  version,
}: PushChart): Promise<{ digest: string }> => {
  const name = repository.split('/').at(-1) ?? repository;
  const chart = { apiVersion: 'v2', name, version, type: 'application' };
  const config = await pushBlob(registry, repository, encode(chart), CHART_CONFIG);
  const archive = gzipSync(packTar({ [`${name}/Chart.yaml`]: JSON.stringify(chart) }));
  const layer = await pushBlob(registry, repository, archive, CHART_LAYER);
  const manifest = encode({ schemaVersion: 2, mediaType: IMAGE_MANIFEST, config, layers: [layer] });
  const { digest } = await pushManifest(registry, repository, version, manifest, IMAGE_MANIFEST);
  return { digest };
};

/** Puts another tag on what a tag or digest names; nothing is uploaded but the manifest. */
export const retag = async (
  registry: PushTarget,
  repository: string,
  from: string,
  to: string,
): Promise<{ digest: string }> => {
  const { content, mediaType } = await pullManifest(registry, repository, from);
  const { digest } = await pushManifest(registry, repository, to, content, mediaType);
  return { digest };
};

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

const pushPlatform = async (
  { registry, repository, labels = {}, content }: PushImage,
  architecture: string,
  reference: string | undefined,
): Promise<Descriptor> => {
  const archive = packTar({ 'app/content': `${content ?? repository} ${architecture}\n` });
  const layer = await pushBlob(registry, repository, gzipSync(archive), LAYER);
  const config = encode({
    architecture,
    os: 'linux',
    config: { Labels: labels, Cmd: ['/app/content'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
  });
  const descriptor = await pushBlob(registry, repository, config, CONFIG);
  const manifest = encode({
    schemaVersion: 2,
    mediaType: IMAGE_MANIFEST,
    config: descriptor,
    layers: [layer],
  });
  return pushManifest(registry, repository, reference, manifest, IMAGE_MANIFEST);
};

const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
