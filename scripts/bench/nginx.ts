import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, freePort, listening } from './contestant.ts'

export type NginxRole = 'forward' | 'cache'

/** Whether there is an nginx to compare with. */
export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0
}

/** nginx as one process, in a folder of its own: it forwards and checks nothing, or answers from its cache. */
export async function startNginx(role: NginxRole, upstream: string, folder: string, core: number): Promise<Contender> {
  const port = await freePort()
  const home = join(folder, `nginx-${role}`)
  mkdirSync(join(home, 'temp'), { recursive: true })
  writeFileSync(join(home, 'nginx.conf'), configuration(role, new URL(upstream).host, home, port))
  const child = spawn('nginx', ['-p', home, '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return await listening(child, port, core, 'nginx')
}

function configuration(role: NginxRole, upstream: string, home: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${home}/temp;`,
  )
  const cache = role === 'cache' ? 'proxy_cache kept; proxy_cache_valid 200 10m;' : ''
  return `
daemon off; master_process off; worker_processes 1; pid ${home}/nginx.pid; error_log ${home}/error.log crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000; client_body_buffer_size 128k; proxy_buffers 32 4k;
  ${temporary.join(' ')}
  proxy_cache_path ${home}/cache keys_zone=kept:1m;
  upstream backend { server ${upstream}; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; ${cache}
    }
  }
}
`
}
