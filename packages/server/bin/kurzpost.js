#!/usr/bin/env -S node --max-old-space-size=1024
// The heap limit makes the collector tidy up early: a server under load stays at 250 MB instead of 340, for some 10 %
// of its time, and what it may hold at most (20,000 drafts that wait, say) needs a tenth of that limit.
// Plain JavaScript of any age: this file also runs under a Node that is too old for the rest, and says so.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = 26
const have = Number(process.versions.node.split('.')[0])

if (have >= needed) {
  // Types are stripped and scripts compiled once, not at each start: half a second, and 20 MB that the stripper takes.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/kurzpost', import.meta.url)))
  await import('../src/cli/kurzpost.ts')
} else {
  const pinned = findPinned(dirname(fileURLToPath(import.meta.url)))
  if (pinned) runWith(pinned)
  else {
    console.error(
      `Kurzpost needs Node ${needed}, and this is Node ${process.versions.node}. ` +
        'Run `npm ci` in its folder, which brings the right one along, or install it from https://nodejs.org.',
    )
    process.exitCode = 1
  }
}

/** The Node that `npm ci` put into node_modules, here or in a folder above. */
function findPinned(from) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const system = process.platform === 'win32' ? 'win' : process.platform
  for (let dir = from; ; dir = dirname(dir)) {
    for (const prefix of ['node', 'node-bin']) {
      const candidate = join(dir, 'node_modules', `${prefix}-${system}-${process.arch}`, 'bin', name)
      if (existsSync(candidate)) return candidate
    }
    if (dir === dirname(dir)) return undefined
  }
}

/** Goes on under the other Node: same terminal, same signals, same exit code. */
function runWith(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
  // Ctrl-C reaches the child from the terminal itself; a second one from us would end it at once.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}
