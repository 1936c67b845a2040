# The gateway's image: only what runs. The base is an argument, so that a stand-in can take its place where no image
# registry answers (test/stack/base-image.mjs).
ARG BASE_IMAGE=node:26-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /berth
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --loglevel=error
COPY tsconfig.json ./
COPY src/model src/model
COPY ui ui
RUN node node_modules/vite/bin/vite.js build ui --logLevel error \
 && npm prune --omit=dev --ignore-scripts --loglevel=error

FROM ${BASE_IMAGE}
ENV NODE_ENV=production
WORKDIR /berth
COPY --from=build /berth/node_modules node_modules
COPY --from=build /berth/ui/dist ui/dist
COPY package.json LICENSE ./
COPY src src
# Compiled code for the user `node`, whose id is part of its place: the gateway takes less memory and starts faster.
RUN mkdir -p node_modules/.cache/berth && chown node node_modules/.cache/berth
USER node
RUN export NODE_COMPILE_CACHE=/berth/node_modules/.cache/berth \
 && node src/main.ts version && node --expose-gc src/container/compile.ts
USER root
EXPOSE 80 443 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=2 CMD ["node", "src/container/healthcheck.ts"]
# Starts as root to learn which group may open the Docker socket, then becomes the user `node` with that group.
ENTRYPOINT ["node", "src/container/entry.ts"]
