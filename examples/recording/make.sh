#!/bin/sh
# Makes the example recordings: six seconds of test picture and tone, with ffmpeg.
set -eu
cd "$(dirname "$0")"

film() {
    ffmpeg -nostdin -y -loglevel error \
        -f lavfi -i "testsrc=size=320x240:rate=10:duration=6" \
        -f lavfi -i "sine=frequency=440:sample_rate=48000:duration=6" \
        -threads 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "$@"
}

film -c:v libvpx -b:v 150k -c:a libopus -b:a 24k sale.webm
film -c:v libx264 -preset slow -crf 30 -pix_fmt yuv420p -c:a aac -b:a 32k -movflags +faststart sale.mp4
