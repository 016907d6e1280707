#!/bin/sh
# Makes Residua-VERSION-macos-ARCH.dmg of the frozen program, on a Mac with Xcode's tools:
#
#   .venv/bin/python installer/build.py --out dist
#   sh installer/macos/package.sh
#
# Without a certificate the bundle is signed ad hoc: it runs on this Mac, and others are warned.
# For others, set
#   RESIDUA_SIGN="Developer ID Application: NAME (TEAM)"   a certificate in the keychain
#   RESIDUA_NOTARY=PROFILE                                 of 'xcrun notarytool store-credentials'
# and the image is signed with the hardened runtime, sent to Apple, and the ticket stapled to it.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
program=${1:-$root/dist/Residua.app}
out=${2:-$root/dist/release}
sign=${RESIDUA_SIGN:--}
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/engine/__init__.py")
arch=$(uname -m)

for tool in codesign hdiutil iconutil sips plutil; do
    command -v "$tool" >/dev/null 2>&1 || {
        echo "package: $tool is missing: run this on macOS with Xcode's command line tools." >&2
        exit 2
    }
done
[ -x "$program/Contents/MacOS/residua" ] || {
    echo "package: $program/Contents/MacOS/residua is missing: run installer/build.py first." >&2
    exit 2
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
app=$scratch/image/Residua.app
mkdir -p "$scratch/image" "$out"
cp -R "$program" "$app"
plutil -lint "$app/Contents/Info.plist"

iconset=$scratch/residua.iconset
mkdir "$iconset"
for side in 16 32 128 256 512; do
    sips -z "$side" "$side" "$root/resources/icons/residua-512.png" \
        --out "$iconset/icon_${side}x${side}.png" >/dev/null
done
iconutil -c icns "$iconset" -o "$app/Contents/Resources/residua.icns"

# A signature of one's own cannot have a time stamp of Apple's.
case $sign in -) stamp=--timestamp=none ;; *) stamp=--timestamp ;; esac

# From the inside out: every library first, the bundle last.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 codesign --force $stamp --options runtime --sign "$sign"
for name in residua Residua-window; do
    codesign --force $stamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$sign" "$app/Contents/MacOS/$name"
done
codesign --force $stamp --options runtime --entitlements "$here/entitlements.plist" \
    --sign "$sign" "$app"
codesign --verify --deep --strict --verbose=2 "$app"

# The bundle proves itself before it is packed.
"$app/Contents/MacOS/residua" selftest

image=$out/residua-$version-macos-$arch.dmg
ln -s /Applications "$scratch/image/Applications"
for name in journalist.md examiner.md administrator.md methods.md; do
    cp "$root/docs/$name" "$scratch/image/"
done
rm -f "$image"
hdiutil create -volname "Residua $version" -srcfolder "$scratch/image" -fs HFS+ -format ULFO "$image"

if [ "$sign" != - ]; then
    codesign --force $stamp --sign "$sign" "$image"
fi
if [ -n "${RESIDUA_NOTARY:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$RESIDUA_NOTARY" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature --verbose "$image"
fi
shasum -a 256 "$image"
