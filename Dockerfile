# The server runs from its sources. Built is only the console, and only in the first stage are its tools.
FROM node:26-slim AS console
WORKDIR /app
COPY . .
RUN npm ci && node scripts/build-console.ts

FROM node:26-slim
ENV NODE_ENV=production KURZPOST_HOST=0.0.0.0
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/gsm/package.json packages/gsm/
COPY packages/smpp/package.json packages/smpp/
COPY packages/simulator/package.json packages/simulator/
COPY packages/server/package.json packages/server/
COPY packages/console/package.json packages/console/
# Optional are only the Node of the checkout and the embedded PostgreSQL: the image has the one and shall not use the other.
RUN npm ci --omit=dev --omit=optional --workspace packages/server && npm cache clean --force
COPY packages/gsm/src packages/gsm/src
COPY packages/smpp/src packages/smpp/src
COPY packages/simulator/src packages/simulator/src
COPY packages/server/bin packages/server/bin
COPY packages/server/src packages/server/src
COPY --from=console /app/packages/console/dist packages/console/dist
USER node
EXPOSE 7678
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.KURZPOST_PORT ?? 7678}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=1024", "packages/server/bin/kurzpost.js", "serve"]
