// What users of @huggingface/hub do, against the Hub at HF_ENDPOINT.
//
// usage: node hub.mjs WORKDIR, with the package in NODE_PATH's place: see tests/it/clients/javascript.rs

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.PACKAGES, "/"));
const hub = require("@huggingface/hub");

const work = process.argv[2];
const xet = process.env.XET === "1";
const hubUrl = process.env.HF_ENDPOINT;
const repo = { type: "model", name: "alice/js" };
const alice = { accessToken: process.env.ALICE, hubUrl };
const bob = { accessToken: process.env.BOB, hubUrl };
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
// Content without repetition, above the limit that the test sets for parts.
const large = Buffer.concat(
	Array.from({ length: 60_000 }, (_, n) => createHash("sha256").update(`${n}`).digest())
);

async function all(items) {
	const list = [];
	for await (const item of items) {
		list.push(item);
	}
	return list;
}

async function account() {
	const me = await hub.whoAmI(alice);
	assert.equal(me.name, "alice");
	assert.equal(me.auth.accessToken.role, "write");
	const stranger = { accessToken: `hf_${"x".repeat(34)}`, hubUrl };
	// A broker refuses what looks like a token in another way.
	const statusCode = Number(process.env.STRANGER ?? 401);
	await assert.rejects(hub.whoAmI(stranger), { statusCode });
}

async function uploads() {
	const created = await hub.createRepo({ repo, ...alice, private: true });
	assert.equal(created.repoUrl, `${hubUrl}/alice/js`);
	await hub.uploadFile({
		repo, ...alice, file: { path: "notes/small.txt", content: new Blob(["hello\n"]) },
	});
	await hub.uploadFile({
		repo, ...alice, useXet: xet, file: { path: "weights.bin", content: new Blob([large]) },
	});
	await hub.uploadFiles({
		repo, ...alice, useXet: xet,
		files: [
			{ path: "größe.txt", content: new Blob(["named\n"]) },
			{ path: "part.safetensors", content: new Blob([large.subarray(0, 70_000)]) },
		],
	});
	await assert.rejects(
		hub.uploadFile({ repo, ...bob, file: { path: "x", content: new Blob(["x"]) } }),
		{ statusCode: 404 }
	);
}

async function downloads() {
	const small = await hub.downloadFile({ repo, ...alice, path: "notes/small.txt" });
	assert.equal(await small.text(), "hello\n");
	const info = await hub.fileDownloadInfo({ repo, ...alice, path: "weights.bin" });
	assert.equal(info.size, large.length);
	assert.equal(Boolean(info.xet), xet);
	const whole = await hub.downloadFile({ repo, ...alice, path: "weights.bin" });
	assert.equal(digest(Buffer.from(await whole.arrayBuffer())), digest(large));
	assert.equal(await hub.fileExists({ repo, ...alice, path: "weights.bin" }), true);
	assert.equal(await hub.fileExists({ repo, ...alice, path: "none" }), false);
	assert.equal(await hub.downloadFile({ repo, ...alice, path: "none" }), null);
	const snapshot = await hub.snapshotDownload({ repo, ...alice, cacheDir: join(work, "cache") });
	assert.equal(readFileSync(join(snapshot, "größe.txt"), "utf8"), "named\n");
	assert.equal(digest(readFileSync(join(snapshot, "weights.bin"))), digest(large));
}

async function listings() {
	const files = await all(hub.listFiles({ repo, ...alice, recursive: true }));
	const weights = files.find((file) => file.path === "weights.bin");
	assert.equal(weights.lfs.oid, digest(large));
	const commits = await all(hub.listCommits({ repo, ...alice, batchSize: 2 }));
	assert.equal(commits.length, 4);
	const models = await all(hub.listModels({ ...alice, search: { owner: "alice" } }));
	assert.deepEqual(models.map((model) => model.name), ["alice/js"]);
	const info = await hub.modelInfo({ name: "alice/js", ...alice });
	assert.equal(info.private, true);
	await assert.rejects(hub.modelInfo({ name: "alice/js", ...bob }), { statusCode: 404 });
	await hub.checkRepoAccess({ repo, ...alice });
}

async function changes() {
	await hub.createBranch({ repo, ...alice, branch: "side" });
	await hub.uploadFile({
		repo, ...alice, branch: "side", file: { path: "only.txt", content: new Blob(["there\n"]) },
	});
	const only = await hub.downloadFile({ repo, ...alice, path: "only.txt", revision: "side" });
	assert.equal(await only.text(), "there\n");
	await hub.deleteBranch({ repo, ...alice, branch: "side" });
	await hub.deleteFile({ repo, ...alice, path: "notes/small.txt" });
	assert.equal(await hub.fileExists({ repo, ...alice, path: "notes/small.txt" }), false);
	await hub.deleteRepo({ repo, ...alice });
	await assert.rejects(hub.modelInfo({ name: "alice/js", ...alice }), { statusCode: 404 });
}

mkdirSync(work, { recursive: true });
writeFileSync(join(work, "large.bin"), large);
for (const part of [account, uploads, downloads, listings, changes]) {
	await part();
	console.log("ok", part.name);
}
