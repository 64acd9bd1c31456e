import { expect, it } from 'vitest';
import { readImage } from '../../../../functions/upgrade/checks/rules/image-reference.ts';

it.each([
  ['nginx', 'nginx', ''],
  ['nginx:1.29', 'nginx', '1.29'],
  ['registry.example.com:5000/eks/kube-proxy', 'registry.example.com:5000/eks/kube-proxy', ''],
  ['registry.example.com:5000/eks/kube-proxy:v1.35.2', 'registry.example.com:5000/eks/kube-proxy', 'v1.35.2'],
  ['shop/web:1@sha256:0123', 'shop/web', '1'],
  ['shop/web@sha256:0123', 'shop/web', ''],
  ['', '', ''],
])('%j is the image %j with the tag %j', (image, path, tag) => {
  expect(readImage(image)).toEqual({ path, tag });
});
