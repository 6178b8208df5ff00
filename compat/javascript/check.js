// Kubernetes' JavaScript client against the cluster of KUBECONFIG: one line PASS or FAIL for each check, then END.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as k8s from '@kubernetes/client-node';

const namespace = 'compat-javascript';
const patience = 120_000; // milliseconds

const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const objects = k8s.KubernetesObjectApi.makeApiClient(config);

async function check(name, what) {
  try {
    await what();
    console.log(`PASS ${name}`);
  } catch (e) {
    console.log(`FAIL ${name}: ${String(e.message ?? e).replaceAll('\n', ' ')}`);
  }
}

async function until(what, condition) {
  for (const end = Date.now() + patience; !(await condition()); await pause(100)) {
    if (Date.now() > end) throw new Error(`${what}: not within ${patience} ms`);
  }
}

async function refused(code, call) {
  try {
    await call();
  } catch (e) {
    assert.equal(e.code, code, e.message);
    return typeof e.body === 'string' ? JSON.parse(e.body) : e.body;
  }
  throw new Error(`accepted where ${code} was expected`);
}

const map = (name, value) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: { of: 'javascript' } }, data: { a: value } });
const create = (name, value) => core.createNamespacedConfigMap({ namespace, body: map(name, value) });
const patchAs = (strategy) => k8s.setHeaderOptions('Content-Type', strategy);

await core.createNamespace({ body: { metadata: { name: namespace } } });

await check('version and API groups', async () => {
  assert.equal((await config.makeApiClient(k8s.VersionApi).getCode()).major, '1');
  const { groups } = await config.makeApiClient(k8s.ApisApi).getAPIVersions();
  assert.ok(groups.some((group) => group.name === 'autoscaling'));
});

await check('manifests become ready', async () => {
  for (const object of k8s.loadAllYaml(await readFile(new URL('../web.yaml', import.meta.url), 'utf8'))) {
    object.metadata.namespace = namespace;
    await objects.create(object);
  }
  await until('it is available', async () => (await apps.readNamespacedDeployment({ name: 'web', namespace })).status.availableReplicas === 1);
});

await check('the scale subresource', async () => {
  await apps.patchNamespacedDeploymentScale({ name: 'web', namespace, body: { spec: { replicas: 2 } } }, patchAs(k8s.PatchStrategy.MergePatch));
  await until('two are ready', async () => (await apps.readNamespacedDeployment({ name: 'web', namespace })).status.readyReplicas === 2);
});

await check('logs', async () => {
  const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  await core.readNamespacedPodLog({ name: pods.items[0].metadata.name, namespace });
});

await check('patches of all four kinds', async () => {
  await create('patched', '1');
  const patch = (strategy, body) => core.patchNamespacedConfigMap({ name: 'patched', namespace, body, fieldManager: 'compat' }, patchAs(strategy));
  await patch(k8s.PatchStrategy.StrategicMergePatch, { data: { b: '2' } });
  await patch(k8s.PatchStrategy.MergePatch, { data: { a: null } });
  await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'replace', path: '/data/b', value: '3' }]);
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { c: '4' } };
  assert.deepEqual((await patch(k8s.PatchStrategy.ServerSideApply, applied)).data, { b: '3', c: '4' });
});

await check('a stale write is refused', async () => {
  const first = await create('contested', '1');
  first.data.a = '2';
  await core.replaceNamespacedConfigMap({ name: 'contested', namespace, body: first });
  const status = await refused(409, () => core.replaceNamespacedConfigMap({ name: 'contested', namespace, body: first }));
  assert.equal(status.reason, 'Conflict');
});

await check('refusals are understood', async () => {
  await refused(404, () => core.readNamespacedConfigMap({ name: 'none', namespace }));
  const status = await refused(422, () => create('Not_A_Name', '1'));
  assert.equal(status.details.causes[0].field, 'metadata.name');
});

await check('lists in pages', async () => {
  const expected = ['page-0', 'page-1', 'page-2', 'page-3', 'page-4'];
  for (const name of expected) await create(name, '1');
  const names = [];
  let token;
  do {
    const page = await core.listNamespacedConfigMap({ namespace, labelSelector: 'of=javascript', limit: 2, _continue: token });
    names.push(...page.items.map((item) => item.metadata.name));
    token = page.metadata._continue;
  } while (token);
  assert.deepEqual(names.filter((name) => name.startsWith('page-')), expected);
});

await check('an informer sees what is added, changed, deleted', async () => {
  const seen = [];
  const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace }));
  for (const verb of ['add', 'update', 'delete']) {
    informer.on(verb, (object) => object.metadata.name === 'watched' && seen.push(verb));
  }
  informer.on('error', (e) => seen.push(`error ${e}`));
  await informer.start();
  try {
    const watched = await create('watched', '1');
    watched.data.a = '2';
    await core.replaceNamespacedConfigMap({ name: 'watched', namespace, body: watched });
    await core.deleteNamespacedConfigMap({ name: 'watched', namespace });
    await until('three events', () => seen.length >= 3);
    assert.deepEqual(seen, ['add', 'update', 'delete']);
  } finally {
    await informer.stop();
  }
});

await check('metrics of nodes', async () => {
  assert.equal((await new k8s.Metrics(config).getNodeMetrics()).kind, 'NodeMetricsList');
});

await check('a namespace is emptied and goes', async () => {
  await core.deleteNamespace({ name: namespace });
  await until('the namespace is gone', async () => !(await core.listNamespace()).items.some((item) => item.metadata.name === namespace));
});

console.log('END');
// A watch that was ended may keep the program.
process.exit(0);
